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
    "change the edition": "UPDATE accounts_account SET edition = 'sales_essentials'",
    "shorten the trash": "UPDATE accounts_account SET trash_days = 1",
    "delete an account": "DELETE FROM accounts_account",
    "give an account another number": "UPDATE accounts_account SET id = id + 1000",
    "make an account": (
        "INSERT INTO accounts_account (name, edition, language, time_zone, currency, trash_days,"
        " idle_hours, session_days, sessions_kept_months, two_factor_for, two_factor_grace_days,"
        " visibility, teams_on, team_visibility, assigning, created_at) SELECT name || '!',"
        " edition, language, time_zone, currency, trash_days, idle_hours, session_days,"
        " sessions_kept_months, two_factor_for, two_factor_grace_days, visibility, teams_on,"
        " team_visibility, assigning, created_at FROM accounts_account"
    ),
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
    "have refusals passed over in silence": (
        "UPDATE guard_refusalwindow SET opened_at = '2999-01-01 00:00:00+00:00'"
    ),
    "begin with refusals passed over": (
        "INSERT INTO guard_refusalwindow (account_id, actor_kind, actor_id, verb, kind, opened_at,"
        " seq, told, more, largest) SELECT account_id, actor_kind, actor_id, 'export', kind,"
        " opened_at, seq, told, more, largest FROM guard_refusalwindow"
    ),
    "forget that somebody was refused": "DELETE FROM guard_refusalwindow",
    "rewrite a lead's history": "UPDATE guard_change SET actor_name = 'Bruna'",
    "delete a lead's history": "DELETE FROM guard_change",
    "delete a step": "DELETE FROM leads_step",
}
