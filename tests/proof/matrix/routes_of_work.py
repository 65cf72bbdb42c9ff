"""The addresses where people work: leads, clients, prospecting, post-sales, what is said, files.

Written by hand, from the seed, the issues and the help pages (`table` says how to read it).
"""

from typing import Final

LEADS: Final = """
# address                          | GET    | POST   | what the log tells
today/                              | yyyyys | -
search/                             | yyyyys | -
figures/                            | yyyyys | -
board/                              | yyyyys | -
# Without the name of a step there is no such column.
board/cards/                        | 00000s | -
leads/                              | yyyyys | -
leads/new/                          | yyyyys | yyyyis |
leads/bulk/                         | -      | yyynis | delete lead 1      | rule delete:lead ynnnis
leads/bulk/ (give)                  | -      | yyynis | change lead 1
leads/bulk/ (tag)                   | -      | yyynis | change lead 1
leads/<int:pk>/                     | yyyy0s | -
leads/<int:pk>/history/             | yyyy0s | -
# A form that opens in place is led on to the whole page where scripts are off.
leads/<int:pk>/field/<slug:name>/   | >>>>0s | yyyn0s |
leads/<int:pk>/move/                | -      | yyyn0s |
leads/<int:pk>/status/              | -      | yyyn0s |
leads/<int:pk>/star/                | -      | yyyn0s |
leads/<int:pk>/take/                | -      | yyyy0s |
leads/<int:pk>/trigger/             | -      | yyyn0s |
leads/<int:pk>/duplicate/           | -      | yyyy0s |
leads/<int:pk>/delete/              | -      | yyyn0s | delete lead 1      | rule delete:lead ynnn0s
leads/<int:pk>/folder/              | yyyn0s | yyyn0s |
# Whoever made the latest change takes it back; nobody else.
leads/changes/<int:pk>/back/        | -      | 00y00s |
today/leads/<int:pk>/               | -      | yyyn0s |
"""
SAID: Final = """
leads/<int:pk>/comments/            | >>>>0s | yyyy0s |
clients/<int:pk>/comments/          | >>>>0s | yyyy0s |
clients/<int:pk>/history/           | yyyy0s | -
prospects/<int:pk>/comments/        | >>>>0s | yyyy0s |
prospects/<int:pk>/history/         | yyyy0s | -
prospecting/<int:pk>/talk/          | yyyy0s | -
prospecting/<int:pk>/comments/      | >>>>0s | yyyy0s |
prospecting/<int:pk>/history/       | yyyy0s | -
# Only who wrote a comment changes it; admins may delete it, as may its writer.
comments/<int:pk>/                  | >>>>0s | nnyn0s |
# Writing over most of it is deleting it, by another name.
comments/<int:pk>/ (cut) | >>>>0s | nnyn0s | delete comment 1 | rule delete:comment nnnn0s
comments/<int:pk>/versions/         | yyyy0s | -
comments/<int:pk>/pin/              | -      | yyyn0s |
comments/<int:pk>/delete/ | - | ynyn0s | delete comment 1 | rule delete:comment ynnn0s
attachments/<int:pk>/               | yyyy0s | -
leads/<int:pk>/emails/new/          | yyyn0s | yyyn0s |
leads/<int:pk>/emails/fill/         | -      | yyyn0s |
leads/<int:pk>/emails/preview/      | -      | yyyn0s |
emails/<int:pk>/                    | >>>>0s | -
# This one waits: whoever may is told that there is nothing to send again, nothing to decide.
emails/<int:pk>/again/              | -      | yyyn0s |
emails/<int:pk>/sent/               | -      | yyyn0s |
emails/<int:pk>/delete/ | - | ynyn0s | delete email 1 | rule delete:comment ynnn0s
email-files/<int:pk>/               | yyyy0s | -
"""
CLIENTS: Final = """
clients/                            | yyyyys | -
clients/new/                        | yyyyys | yyyyys |
clients/bulk/ | - | yyynis | delete client_folder 1 | rule delete:client_folder ynnnis
clients/bulk/ (give)                | -      | yyynis | change client_folder 1
clients/<int:pk>/                   | yyyy0s | -
clients/<int:pk>/edit/              | yyyn0s | yyyn0s |
clients/<int:pk>/use/               | -      | yyyn0s |
clients/<int:pk>/delete/ | - | yyyn0s | delete client_folder 1 | rule delete:client_folder ynnn0s
clients/<int:pk>/contacts/          | yyyn0s | yyyn0s |
contacts/<int:pk>/                  | yyyn0s | yyyn0s |
# Deleting a part of the folder: by the rule for folders.
contacts/<int:pk>/remove/ | - | yyyn0s | delete client_folder 1 | rule delete:client_folder ynnn0s
"""
PROSPECTING: Final = """
# Whoever sees a list works on it.
prospecting/                        | yyyyys | -
prospecting/new/                    | yyyyys | yyyyys |
prospecting/<int:pk>/               | yyyy0s | -
prospecting/<int:pk>/rows/          | yyyy0s | -
prospecting/<int:pk>/write/         | -      | yyyy0s |
# Eleven cells written over are an act, and eleven emptied a deletion, though both are told as what
# was done to prospects.
prospecting/<int:pk>/write/ (many)  | -      | yyyy0s | change prospect 11
prospecting/<int:pk>/write/ (emptied) | -    | yyyy0s | change prospect 11 \
  | rule delete:prospecting_list ynnn0s | no: refused delete prospect
prospecting/<int:pk>/act/ (many)    | -      | yyyy0s | change prospect 11
prospecting/<int:pk>/act/ | - | yyyy0s | delete prospect 1 | rule delete:prospecting_list ynnn0s
# Who made a list, or has it, names it, puts it aside and gives it away; their managers, and admins.
prospecting/<int:pk>/settings/      | yyyy0s | yyyn0s | | essentials ynyn0s
prospecting/<int:pk>/columns/       | -      | yyyy0s |
prospecting/<int:pk>/columns/ (out) | - | yyyy0s | delete prospecting_list 1 \
  | rule delete:prospecting_list ynnn0s
# Who made a list, or has it, shares it; and admins.
prospecting/<int:pk>/share/         | -      | ynyn0s | change prospecting_list 1
prospecting/<int:pk>/archive/       | -      | yyyn0s | | essentials ynyn0s
prospecting/<int:pk>/assign/ | - | yyyn0s | change prospecting_list 1 | essentials ynyn0s
prospecting/<int:pk>/delete/ | - | yyyy0s | delete prospecting_list 1 \
  | rule delete:prospecting_list ynnn0s
prospects/<int:pk>/                 | yyyy0s | yyyy0s |
prospects/<int:pk>/act/ | - | yyyy0s | delete prospect 1 | rule delete:prospecting_list ynnn0s
"""
POST_SALES: Final = """
post-sales/                         | yyyyys | -
post-sales/asking/                  | -      | yyyyys |
leads/<int:pk>/processes/           | yyyn0s | yyyn0s |
processes/<int:pk>/                 | yyyn0s | yyyn0s |
processes/<int:pk>/tasks/           | yyyn0s | yyyn0s |
processes/<int:pk>/delete/ | - | yyyn0s | delete process 1 | rule delete:process ynnn0s
tasks/<int:pk>/                     | yyyn0s | yyyn0s |
tasks/<int:pk>/state/               | yyyy0s | yyyn0s |
tasks/<int:pk>/delete/ | - | yyyn0s | delete task 1 | rule delete:process ynnn0s
today/tasks/<int:pk>/               | -      | yyyn0s |
"""
FILES: Final = """
exports/                            | yyyyys | -
exports/start/ | - | yyyyis | export lead 0 started, export lead 1 | rule export:lead ynnnis
exports/start/ (folders) | - | yyyyis | export client_folder 0 started, export client_folder 1 \
  | rule export:client_folder ynnnis
exports/start/ (lists) | - | yyyyis | export prospect 0 started, export prospect 3 \
  | rule export:prospecting_list ynnnis
# The log is admins' alone; another account's admin exports their own, where the edition has it. A
# job makes the file, and tells of it.
exports/start/ (log) | - | ynnnns | | no: refused export log | essentials nnnnns
# A file is its owner's alone, and an admin asks for one of their own.
exports/<int:pk>/                   | 00y00s | -      | export lead 1      | rule export:lead 00n00s
exports/<int:pk>/delete/            | -      | 00y00s |
# An import is its owner's; admins see how it went. An empty form is no mapping.
imports/                            | yyyyys | yyyyys |
imports/<int:pk>/                   | y0y00s | -
imports/<int:pk>/mapping/           | -      | 00i00s |
imports/<int:pk>/back/              | -      | 00y00s |
imports/<int:pk>/start/             | -      | 00y00s |
imports/<int:pk>/stop/              | -      | 00i00s |
imports/<int:pk>/discard/           | -      | 00y00s |
imports/<int:pk>/refused/           | y0y00s | -
"""
TABLES: Final = {
    "leads": LEADS, "what is said": SAID, "clients": CLIENTS, "prospecting": PROSPECTING,
    "post-sales": POST_SALES, "files": FILES,
}  # fmt: skip
