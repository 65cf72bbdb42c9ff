"""URL patterns of timelines and comments: for each kind of object, and for comments themselves."""

from django.urls import path

from custode.clients.models import ClientFolder
from custode.leads.models import Lead
from custode.prospecting.models import Prospect, ProspectingList
from custode.web.talk import comments

LEAD, FOLDER, PROSPECT, LIST = (
    {"kind": one.kind.name} for one in (Lead, ClientFolder, Prospect, ProspectingList)
)

urlpatterns = [
    path("leads/<int:pk>/history/", comments.history, LEAD, name="lead_history"),
    path("leads/<int:pk>/comments/", comments.comments, LEAD, name="lead_comments"),
    path("clients/<int:pk>/history/", comments.history, FOLDER, name="folder_history"),
    path("clients/<int:pk>/comments/", comments.comments, FOLDER, name="folder_comments"),
    path("prospects/<int:pk>/history/", comments.history, PROSPECT, name="prospect_history"),
    path("prospects/<int:pk>/comments/", comments.comments, PROSPECT, name="prospect_comments"),
    path("prospecting/<int:pk>/history/", comments.history, LIST, name="prospecting_talk_history"),
    path(
        "prospecting/<int:pk>/comments/", comments.comments, LIST, name="prospecting_talk_comments"
    ),
    path("comments/<int:pk>/", comments.comment, name="comment"),
    path("comments/<int:pk>/versions/", comments.versions, name="comment_versions"),
    path("comments/<int:pk>/pin/", comments.pin, name="comment_pin"),
    path("comments/<int:pk>/delete/", comments.delete, name="comment_delete"),
    path("attachments/<int:pk>/", comments.attachment, name="attachment"),
]
