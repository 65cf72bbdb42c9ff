"""Statements by which somebody would walk round the door, each of which a lock refuses."""

SIDE_DOORS = {
    "delete a living lead": "DELETE FROM leads_lead WHERE title = 'Living'",
    "delete a lead in the trash": "DELETE FROM leads_lead WHERE title = 'Trashed'",
    "move a lead to the trash": (
        "UPDATE leads_lead SET trash_id = (SELECT MAX(id) FROM guard_trashentry)"
        " WHERE title = 'Living'"
    ),
    "take a lead out of the trash": "UPDATE leads_lead SET trash_id = NULL WHERE title = 'Trashed'",
    "forget which import brought a lead": (
        "UPDATE leads_lead SET arrived_id = (SELECT MAX(id) FROM guard_trashentry)"
        " WHERE title = 'Living'"
    ),
    "move a lead to another account": "UPDATE leads_lead SET account_id = account_id + 1",
    "give a lead another number": "UPDATE leads_lead SET id = id + 1000",
    "empty a trash entry": "DELETE FROM guard_trashentry",
    "slip in a trash entry": (
        "INSERT INTO guard_trashentry (account_id, seq, kind, count, labels, along, actor_kind,"
        " actor_name, at, state, closed_by) SELECT account_id, seq, kind, count, labels, along,"
        " actor_kind, actor_name, at, state, closed_by FROM guard_trashentry"
    ),
    "have the trash emptied at once": "UPDATE guard_trashentry SET purge_at = at",
    "call a trash entry purged": "UPDATE guard_trashentry SET state = 'purged'",
    "call a trash entry restored": "UPDATE guard_trashentry SET state = 'restored', closed_at = at",
    "claim somebody else's deletion": "UPDATE guard_trashentry SET actor_id = actor_id + 1",
    "date a deletion back": "UPDATE guard_trashentry SET at = '2001-01-01 00:00:00+00:00'",
    "call a deletion another act": "UPDATE guard_trashentry SET seq = seq + 1",
    "call a deletion smaller": "UPDATE guard_trashentry SET count = 0",
    "take the names from a deletion": "UPDATE guard_trashentry SET labels = '[]'",
    "hide what went along": "UPDATE guard_trashentry SET along = '{\"lead\": 7}'",
    "retire a step": "UPDATE leads_step SET retired_at = created_at",
    "offer a retired step again": "UPDATE leads_step SET retired_at = NULL WHERE name = 'Retired'",
    "retire a pipeline": "UPDATE leads_pipeline SET retired_at = created_at",
    "retire a tag": "UPDATE leads_tag SET retired_at = '2026-01-01 00:00:00+00:00'",
    "put a lead into a retired step": (
        "UPDATE leads_lead SET step_id = (SELECT id FROM leads_step WHERE name = 'Retired')"
        " WHERE title = 'Living'"
    ),
    "slip a tag that is retired onto a lead": (
        "INSERT INTO leads_leadtag (account_id, lead_id, tag_id) SELECT account_id, id,"
        " (SELECT id FROM leads_tag WHERE name = 'Old') FROM leads_lead WHERE title = 'Living'"
    ),
    "take a default field out of use": "UPDATE fields_defaultfield SET retired_at = created_at",
    "offer a choice of a field no more": "UPDATE fields_fieldchoice SET retired_at = created_at",
    "have a field hold another sort of thing": "UPDATE fields_defaultfield SET sort = 'phone'",
    "give a field to another kind": "UPDATE fields_defaultfield SET kind = 'nothing'",
    "delete a default field": "DELETE FROM fields_defaultfield",
    "delete a choice of a field": "DELETE FROM fields_fieldchoice",
    "delete a user": "DELETE FROM people_user WHERE first_name = 'Ugo'",
    "make oneself an admin": "UPDATE people_user SET role = 'admin' WHERE first_name = 'Ugo'",
    "enable or disable a user": "UPDATE people_user SET disabled_at = created_at",
    "take over an address": "UPDATE people_user SET email = 'thief@conti.example' "
    "WHERE first_name = 'Ugo'",
    "untick a rule": "UPDATE guard_privacysetting SET ticked = false",
    "delete a rule": "DELETE FROM guard_privacysetting",
    "let a rule rest": "UPDATE guard_privacysetting SET rests_since = '2026-01-01 00:00:00+00:00'",
    "change the edition": "UPDATE accounts_account SET edition = 'sales_essentials'",
    "shorten the trash": "UPDATE accounts_account SET trash_days = 1",
    "delete an account": "DELETE FROM accounts_account",
    "give an account another number": "UPDATE accounts_account SET id = id + 1000",
    "make an account": (
        "INSERT INTO accounts_account (name, edition, language, time_zone, currency, trash_days,"
        " idle_hours, session_days, sessions_kept_months, two_factor_for, two_factor_grace_days,"
        " many_count, many_minutes, many_read, visibility, teams_on, team_visibility, assigning,"
        " checkpoints_to, checkpoint_addresses, created_at) SELECT name || '!',"
        " edition, language, time_zone, currency, trash_days, idle_hours, session_days,"
        " sessions_kept_months, two_factor_for, two_factor_grace_days, many_count, many_minutes,"
        " many_read, visibility, teams_on, team_visibility, assigning, checkpoints_to,"
        " checkpoint_addresses, created_at FROM accounts_account"
    ),
    "have no checkpoint mailed any more": "UPDATE accounts_account SET checkpoints_to = 'admins'",
    "have checkpoints mailed elsewhere": "UPDATE accounts_account SET checkpoint_addresses = 'x'",
    "see what only admins see": "UPDATE accounts_account SET visibility = 'admins'",
    "switch teams off": "UPDATE accounts_account SET teams_on = NOT teams_on",
    "see what a team has": "UPDATE accounts_account SET team_visibility = 'members'",
    "let oneself assign leads": "UPDATE accounts_account SET assigning = 'admins'",
    "make a team": (
        "INSERT INTO people_team (account_id, name, created_at)"
        " SELECT account_id, name || '!', created_at FROM people_team"
    ),
    "give a team another name": "UPDATE people_team SET name = 'South'",
    "dissolve a team": "DELETE FROM people_team WHERE name = 'Empty'",
    "join a team": (
        "INSERT INTO people_membership (account_id, team_id, user_id, manages) SELECT"
        " account_id, team_id, (SELECT MAX(id) FROM people_user WHERE first_name = 'Bruna'), true"
        " FROM people_membership"
    ),
    "become a team's manager": "UPDATE people_membership SET manages = NOT manages",
    "put somebody else in one's place": (
        "UPDATE people_membership SET user_id ="
        " (SELECT id FROM people_user WHERE first_name = 'Bruna')"
    ),
    "throw somebody out of a team": "DELETE FROM people_membership",
    "change a log entry": "UPDATE guard_logentry SET count = 0",
    "delete a log entry": "DELETE FROM guard_logentry",
    "change who is in the log": "UPDATE guard_logperson SET data = '{}'",
    "erase who is in the log": "DELETE FROM guard_logperson",
    "turn the log's head back": "UPDATE guard_loghead SET seq = seq - 1",
    "delete the log's head": "DELETE FROM guard_loghead",
    "move the log's head on": "UPDATE guard_loghead SET seq = seq + 1",
    "begin a log": "INSERT INTO guard_loghead (account_id, seq, hash) VALUES (99, 0, '')",
    "forge a log entry": (
        "INSERT INTO guard_logentry (account_id, seq, at, verb, kind, outcome, count, actor_kind,"
        " entrance, session, details, person_digest, previous, hash) SELECT account_id, seq + 1000,"
        " at, verb, kind, outcome, count, actor_kind, entrance, session, details, person_digest,"
        " previous, hash FROM guard_logentry"
    ),
    "forge who is in the log": (
        "INSERT INTO guard_logperson (account_id, seq, salt, data)"
        " SELECT account_id, seq + 1000, salt, data FROM guard_logperson"
    ),
    "forget what an act touched": "DELETE FROM guard_touched",
    "say that an act touched something else": "UPDATE guard_touched SET place = place + 1",
    "blame an act for more": (
        "INSERT INTO guard_touched (account_id, seq, kind, stretch, place, marks)"
        " SELECT account_id, seq, kind, stretch, place + 1, marks FROM guard_touched"
    ),
    "forget which rows left": "DELETE FROM guard_imprint",
    "say that other rows left": "UPDATE guard_imprint SET seq = seq + 1",
    "slip in an export's rows": (
        "INSERT INTO guard_imprint (account_id, seq, kind, place, count, columns, key, ids, cells)"
        " SELECT account_id, seq, kind, place + 1, count, columns, key, ids, cells"
        " FROM guard_imprint"
    ),
    "forge a checkpoint": (
        "INSERT INTO guard_logcheckpoint (account_id, seq, hash, made_at, key, signature,"
        " mailed_to) SELECT account_id, seq + 1000, hash, made_at, key, signature, 1"
        " FROM guard_logcheckpoint"
    ),
    "change a checkpoint": "UPDATE guard_logcheckpoint SET seq = seq - 1",
    "forget a checkpoint": "DELETE FROM guard_logcheckpoint",
    "have refusals passed over in silence": (
        "UPDATE guard_refusalwindow SET opened_at = '2999-01-01 00:00:00+00:00'"
    ),
    "begin with refusals passed over": (
        "INSERT INTO guard_refusalwindow (account_id, actor_kind, actor_id, verb, kind, opened_at,"
        " seq, told, more, largest) SELECT account_id, actor_kind, actor_id, 'export', kind,"
        " opened_at, seq, told, more, largest FROM guard_refusalwindow"
    ),
    "forget that somebody was refused": "DELETE FROM guard_refusalwindow",
    "forget what a program has read": "UPDATE guard_readwindow SET ids = '[]'",
    "let a program begin anew": "DELETE FROM guard_readwindow",
    "say that a program has read": (
        "INSERT INTO guard_readwindow (account_id, actor_kind, actor_id, kind, opened_at, ids)"
        " SELECT account_id, actor_kind, actor_id, 'prospect', opened_at, ids"
        " FROM guard_readwindow"
    ),
    "rewrite a lead's history": "UPDATE guard_change SET actor_name = 'Bruna'",
    "call an edit a part of some act": "UPDATE guard_change SET seq = 1",
    "delete a lead's history": "DELETE FROM guard_change",
    "delete a step": "DELETE FROM leads_step",
    "have deletions be many later": "UPDATE accounts_account SET many_count = 9999",
    "have deletions be many for a minute": "UPDATE accounts_account SET many_minutes = 1",
    "have a program read more": "UPDATE accounts_account SET many_read = 999999",
    "switch an alert off": "UPDATE guard_alertrule SET is_on = false",
    "have somebody else told": "UPDATE guard_alertrule SET recipients = '[1]'",
    "make an alert rule": (
        "INSERT INTO guard_alertrule (account_id, standard, name, is_on, acts, kinds, outcome,"
        " counts, at_least, within, by, recipients, created_at) SELECT account_id, '', 'Mine',"
        " true,"
        " acts, kinds, outcome, counts, at_least, within, by, recipients, created_at"
        " FROM guard_alertrule"
    ),
    "delete an alert rule": "DELETE FROM guard_alertrule",
    "acknowledge an alert": "UPDATE guard_alert SET acknowledged_at = first_at",
    "call an alert smaller": "UPDATE guard_alert SET items = 0, acts = 0",
    "have an alert be about somebody else": "UPDATE guard_alert SET actor_id = actor_id + 1",
    "forge an alert": (
        "INSERT INTO guard_alert (account_id, rule, also, actor_kind, actor_id, first_seq,"
        " last_seq,"
        " first_at, last_at, acts, items, untold, acknowledged_by, note) SELECT account_id, rule,"
        " also, actor_kind, actor_id, first_seq, last_seq, first_at, last_at, acts, items, untold,"
        " acknowledged_by, note FROM guard_alert"
    ),
    "delete an alert": "DELETE FROM guard_alert WHERE id NOT IN (SELECT alert_id FROM"
    " guard_alertact)",
    "take an act out of an alert": "DELETE FROM guard_alertact",
    "call an act of an alert smaller": "UPDATE guard_alertact SET items = items + 1",
    "slip an act into an alert": (
        "INSERT INTO guard_alertact (account_id, alert_id, seq, items)"
        " SELECT account_id, alert_id, seq + 1000, items FROM guard_alertact"
    ),
    "withhold a letter about an alert": "UPDATE guard_alertmail SET state = 'sent'",
    "send a letter to somebody else": "UPDATE guard_alertmail SET user_id = user_id + 1",
    "delete a letter about an alert": "DELETE FROM guard_alertmail",
    "forge a letter about an alert": (
        "INSERT INTO guard_alertmail (account_id, user_id, alerts, state, made_at, due_at,"
        " message_id, tries, claim, unsure, answer) SELECT account_id, user_id, alerts, state,"
        " made_at, due_at, message_id, tries, claim, unsure, answer FROM guard_alertmail"
    ),
    "have acts passed over by the alerts": "UPDATE guard_watched SET seq = seq + 1000",
    "have acts judged again": "UPDATE guard_watched SET seq = 0",
    "have all acts judged again": "DELETE FROM guard_watched",
    "have an account watched from later on": (
        "INSERT INTO guard_watched (account_id, seq) SELECT MAX(id), 1000 FROM accounts_account"
    ),
    "paint the last days calmer": "UPDATE guard_tally SET acts = 0, items = 0",
    "take an hour out of the last days": "DELETE FROM guard_tally",
    "paint an hour into the last days": (
        "INSERT INTO guard_tally (account_id, hour, what, acts, items)"
        " SELECT account_id, hour, 'other', acts, items FROM guard_tally"
    ),
}
