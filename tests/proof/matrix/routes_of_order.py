"""The addresses where an account is kept in order: trash, security, the admin panel, one's own.

Written by hand, from the seed, the issues and the help pages (`table` says how to read it).
"""

from typing import Final

TRASH: Final = """
# Who deleted it sees it in the trash, and restores it as long as they may delete; and admins.
trash/                                  | yyyyys | -
trash/<int:pk>/                         | y0y00s | -
trash/<int:pk>/restore/ | - | y0y00s | restore lead 1 \
  | rule delete:lead y0n00s | no: refused restore
# Only admins delete for ever.
trash/<int:pk>/purge/                   | ynnn0s | ynnn0s | purge lead 1   | no: refused purge
undo/<int:seq>/                         | -      | ynynis | undo lead 1
"""
SECURITY: Final = """
# In Sales Essentials the start page shows two-factor authentication and the trash. The pages of
# sensitive actions, sessions and alerts explain themselves there, to those who could have them;
# what is sent to them is refused.
security/                               | ynnnys | -
security/actions/                       | ynnnys | -
security/actions/<int:seq>/             | ynnnys | -
# Whoever did an act takes it back, and admins, in part as well as whole, in either edition. Each
# account counts its own acts: of one in another account nobody learns that there is one.
security/actions/<int:seq>/undo/        | -      | ynynis | undo lead 1
security/actions/erase/                 | ynnnys | ynnnns | erase 1        | essentials nnnnns
# Reading a file that was found is no act, and nothing is kept of it.
security/whose-export/                  | ynnnys | ynnnys |
# A check changes nothing, and the log does not tell of it; that somebody took a checkpoint away it
# tells. That checkpoints are mailed is a setting.
security/log-check/                     | ynnnys | ynnnns |                | no: refused account \
  | essentials nnnnns
security/log-check/checkpoint/          | -      | ynnnns | account 1      | essentials nnnnns
security/log-check/checkpoints/         | -      | ynnnns | account 1      | essentials nnnnns
security/alerts/                        | ynnnys | -
security/alerts/acknowledge/            | -      | ynnnns | alert 1        | essentials nnnnns
# What was deleted for ever stays so: of that alert nothing is left to undo.
security/alerts/<int:pk>/undo/ | - | ynnn0s | | no: refused alert | essentials 0nnn0s
security/alerts/rules/                  | ynnnys | -
security/alerts/rules/new/              | ynnnys | ynnnns | account 1      | essentials nnnnns
# One of the account's own; another account has none of this number. A standard one is switched off
# by admins, but cannot be removed; the alert about the alerts is always on.
security/alerts/rules/<slug:key>/       | ynnn0s | ynnn0s | account 1      | essentials nnnn0s
security/alerts/rules/<slug:key>/switch/ | -     | ynnn0s | account 1      | essentials nnnn0s
security/alerts/rules/<slug:key>/switch/ (standard) | - | ynnnns | account 1 | essentials nnnnns
security/alerts/rules/<slug:key>/switch/ (watch) | - | innnis | account 1
security/alerts/rules/<slug:key>/remove/ | -     | ynnn0s | account 1      | essentials nnnn0s
security/alerts/rules/<slug:key>/remove/ (standard) | - | innnis | account 1
security/sessions/                      | ynnnys | -
# Nobody is chosen yet by who only looks.
security/sessions/disconnect/           | innnis | ynnn0s | sessions 1     | essentials nnnn0s
security/sessions/<int:pk>/disconnect/  | -      | ynnn0s | sessions 1     | essentials nnnn0s
"""
ACCOUNT: Final = """
admin-panel/                            | >>>>>s | >>>>>s |
admin-panel/account/                    | ynnnys | ynnnys | account 1
# One entry for each of the three numbers that change.
admin-panel/account/sessions/           | -      | ynnnys | account 1, account 1, account 1
# The threshold, the time, and how much a program reads: of alerts, which Sales Essentials has not.
admin-panel/account/many/ | - | ynnnns | account 1, account 1, account 1 | essentials nnnnns
admin-panel/account/two-factor/         | -      | ynnnys | account 1
# The eight rules hold in Sales Essentials until an admin confirms just these; in Dream Team, or
# where none is ticked, there is nothing to confirm.
admin-panel/account/edition/            | ynnnys | innnis | account 8      | rests: ynnnis
admin-panel/account/privacy/            | ynnnys | -
# Teams are switched on in Dream Team only; those that were on stay as they are, to no effect.
admin-panel/account/privacy/sharing/    | -      | ynnnns | privacy 1
# A rule is ticked in Dream Team only. One that is ticked already is no change, and no entry.
admin-panel/account/privacy/<slug:verb>/<slug:kind>/ | - | ynnnns | privacy 1 \
  | essentials nnnnns | all: >nnnns
admin-panel/teams/                      | ynnnys | -
admin-panel/teams/new/                  | ynnnys | ynnnns | users 1        | essentials nnnnns
admin-panel/teams/<int:pk>/             | ynnn0s | ynnn0s | users 1        | essentials nnnn0s
admin-panel/teams/<int:pk>/dissolve/    | -      | ynnn0s | users 1
admin-panel/users/                      | ynnnys | -
# The user, and the link by which they set a password.
admin-panel/users/new/                  | ynnnys | ynnnys | users 1, users 1
admin-panel/users/<int:pk>/             | ynnn0s | -
admin-panel/users/<int:pk>/name/        | -      | ynnn0s | users 1
admin-panel/users/<int:pk>/role/        | -      | ynnn0s | users 1
admin-panel/users/<int:pk>/invite/      | -      | ynnn0s | sign_in 1, users 1 | no: refused users
admin-panel/users/<int:pk>/link/        | -      | ynnn0s | users 1
admin-panel/users/<int:pk>/address/     | -      | ynnn0s | sign_in 1 | no: refused users
admin-panel/users/<int:pk>/two-factor/  | -      | ynnn0s | two_factor 1 | no: refused users
# Disabled first, then what is theirs goes on: a folder, their own lead, three others (one won, one
# moved), two lists, a task. In Dream Team what they did is taken back in between.
admin-panel/users/<int:pk>/leaves/      | ynnn0s | ynnn0s | users 1, change client_folder 1, \
  change lead 4, change prospecting_list 2, change task 1 | no: refused users
admin-panel/users/<int:pk>/leaves/ (undo) | ynnn0s | ynnn0s | users 1, undo lead 1 \
  | no: refused users | essentials innn0s
admin-panel/users/<int:pk>/enable/      | -      | ynnn0s | users 1
# Of somebody who was added and disabled, and did nothing: two entries tell of them. Whoever has
# not left is not erased.
admin-panel/users/<int:pk>/erase/       | ynnn0s | ynnn0s | erase 2
admin-panel/users/<int:pk>/erase/ (still here) | ynnn0s | innn0s | erase 1
"""
# Names in menus are ordinary edits of an admin's: no matter for the log. What takes something out
# of use, so that leads or values move, is an act of the door.
MENUS: Final = """
admin-panel/activities/                 | ynnnys | ynnnys |
admin-panel/activities/<int:pk>/        | -      | ynnn0s |
admin-panel/activities/<int:pk>/offer/  | -      | ynnn0s |
admin-panel/pipelines/                  | ynnnys | ynnnys |
admin-panel/pipelines/order/            | -      | ynnnis |
admin-panel/pipelines/<int:pk>/         | -      | ynnn0s |
admin-panel/pipelines/<int:pk>/default/ | -      | ynnn0s |
admin-panel/pipelines/<int:pk>/steps/   | -      | ynnn0s |
admin-panel/pipelines/<int:pk>/order/   | -      | ynnn0s |
admin-panel/pipelines/<int:pk>/delete/  | ynnn0s | ynnn0s | retire lead 1 | no: refused retire
admin-panel/steps/<int:pk>/             | -      | ynnn0s |
admin-panel/steps/<int:pk>/delete/      | ynnn0s | ynnn0s | retire lead 1 | no: refused retire
admin-panel/tags/                       | ynnnys | ynnnys |
admin-panel/tags/new/                   | -      | ynnnys |
admin-panel/tags/<int:pk>/              | -      | ynnn0s |
admin-panel/tags/<int:pk>/delete/       | ynnn0s | ynnn0s | retire lead 1 | no: refused retire
admin-panel/tag-categories/order/       | -      | ynnnis |
admin-panel/tag-categories/<int:pk>/    | -      | ynnn0s |
admin-panel/tag-categories/<int:pk>/delete/ | -  | ynnn0s |
admin-panel/fields/                     | >>>>>s | >>>>>s |
admin-panel/fields/leads/               | ynnnys | ynnnys |
admin-panel/fields/leads/order/         | -      | ynnnis |
admin-panel/fields/clients/             | ynnnys | ynnnys |
admin-panel/fields/clients/order/       | -      | ynnnys |
admin-panel/fields/<int:pk>/            | -      | ynnn0s |
# No lead has a value in it.
admin-panel/fields/<int:pk>/use/        | -      | ynnn0s | retire lead 0 | no: refused retire
admin-panel/fields/<int:pk>/choices/    | -      | ynnn0s |
admin-panel/fields/<int:pk>/choices/order/ | -   | ynnn0s |
admin-panel/field-choices/<int:pk>/     | -      | ynnn0s |
admin-panel/field-choices/<int:pk>/use/ | -      | ynnn0s | retire lead 0 | no: refused retire
# Keys are admins' in either edition; each account has its own.
admin-panel/keys/                       | ynnnys | -
admin-panel/keys/new/                   | ynnnys | ynnnys | keys 1
admin-panel/keys/<int:pk>/revoke/       | ynnn0s | ynnn0s | keys 1         | no: refused keys
# What the API is like tells of nobody's account: whoever is signed in reads it.
api-reference/                          | yyyyys | -
admin-panel/post-sales/                 | ynnnys | ynnnys |
admin-panel/post-sales/<int:pk>/        | ynnn0s | ynnn0s |
# No process is made from it: none is touched.
admin-panel/post-sales/<int:pk>/offer/  | -      | ynnn0s | retire process 0 | no: refused retire
admin-panel/post-sales/<int:pk>/tasks/  | -      | ynnn0s |
admin-panel/post-sales/<int:pk>/order/  | -      | ynnn0s |
admin-panel/post-sales-tasks/<int:pk>/  | -      | ynnn0s |
admin-panel/post-sales-tasks/<int:pk>/remove/ | - | ynnn0s |
# Making, switching and deleting a webhook is an act, and so is sending once more what it told.
admin-panel/webhooks/                   | ynnnys | ynnnys | webhooks 1
admin-panel/webhooks/<int:pk>/          | ynnn0s | -
admin-panel/webhooks/<int:pk>/switch/   | -      | ynnn0s | webhooks 1
admin-panel/webhooks/<int:pk>/delete/   | -      | ynnn0s | webhooks 1
admin-panel/deliveries/<int:pk>/again/  | -      | ynnn0s | webhooks 1
admin-panel/emails/                     | ynnnys | ynnnys | account 1
admin-panel/emails/off/                 | -      | ynnnys | account 1
admin-panel/emails/test/                | >nnn>s | ynnnis |
admin-panel/emails/templates/new/       | ynnnys | ynnnys |
admin-panel/emails/templates/<int:pk>/  | ynnn0s | ynnn0s |
admin-panel/emails/templates/<int:pk>/offer/ | - | ynnn0s |
"""
OWN: Final = """
#                                       | GET    | POST   | what the log tells
                                        | >>>>>s | >>>>>s |
profile/                                | yyyyys | yyyyys |
profile/password/                       | yyyyys | yyyyys | sign_in 1
# This installation sends no mail: a new address could not be confirmed.
profile/address/                        | yyyyys | iiiiis |
# Bruna, the owner, has a passkey; the others have nothing set up that could be removed.
profile/sign-in/                        | yyyyys | -
profile/sign-in/authenticator/          | yyyyys | yyyyys |
profile/sign-in/authenticator/remove/   | -      | iiiiis |
profile/sign-in/codes/                  | -      | iiyiis | two_factor 1
profile/sign-in/off/                    | -      | iiyiis | two_factor 1
profile/sign-in/passkeys/               | -      | iiiiis |
profile/sign-in/passkeys/options/       | yyyyys | -
profile/sign-in/passkeys/<int:pk>/remove/ | -    | 00y00s | two_factor 1
profile/devices/                        | yyyyys | -
profile/devices/others/                 | -      | yyyyys |
profile/devices/<int:pk>/disconnect/    | -      | 00y00s |
# They have just proved who they are.
proof/                                  | >>>>>s | iiiiis |
sign-out/                               | -      | >>>>>s |
# Who is in is led on; nobody else is told why they are not let in.
sign-in/                                | >>>>>y | >>>>>y |
sign-in/code/                           | >>>>>> | >>>>>> |
sign-in/passkey/                        | ------ | >>>>>i |
sign-in/passkey/options/                | yyyyyy | ------ |
forgot/                                 | yyyyyy | yyyyyy |
# Nobody signed this link.
password/<str:token>/                   | 000000 | 000000 |
address/<str:token>/                    | 000000 | 000000 |
not-me/<str:token>/                     | 000000 | 000000 |
news/<str:token>/                       | 000000 | 000000 |
"""
TABLES: Final = {
    "trash": TRASH, "security": SECURITY, "the account": ACCOUNT, "menus": MENUS, "one's own": OWN,
}  # fmt: skip
