"""What the page of sensitive actions tells, as text, for the tests."""

PAGE = "/security/actions/"


def told(answer):
    """The sentences of the page, as text, with their marks."""
    return [
        (_plain(entry["sentence"]), entry["colour"])
        for _day, entries in answer.context["days"]
        for entry in entries
    ]


def _plain(sentence):
    return sentence.replace("<b>", "").replace("</b>", "").replace("&#x27;", "'")


def facts(answer, begins):
    """The facts of the latest entry whose sentence begins so."""
    return next(
        entry
        for _day, entries in answer.context["days"]
        for entry in entries
        if _plain(entry["sentence"]).startswith(begins)
    )
