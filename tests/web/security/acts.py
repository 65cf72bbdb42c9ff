"""What the pages of acts say, and what their forms would send, for the tests."""

import re

from custode.leads.models import Lead
from tests.web.security.telling import PAGE


def page(client, seq, query=""):
    answer = client.get(f"{PAGE}{seq}/{query}")
    assert answer.status_code == 200
    return answer


def text(answer):
    """What the page says, without its marks."""
    html = re.sub(r"</?b>", "", answer.content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def boxes(answer):
    """The boxes of the page: what each would send, and whether it is ticked."""
    found = re.findall(r'<input class="form-check-input"[^>]*>', answer.content.decode())
    named = [re.search(r'name="(ids|over|rest)" value="([^"]*)"', box) for box in found]
    return {
        (one[1], one[2]): "checked" in box for one, box in zip(named, found, strict=True) if one
    }


def steps(leads):
    order = dict(Lead.with_trashed.values_list("pk", "step__position"))
    return [order[lead.pk] for lead in leads]
