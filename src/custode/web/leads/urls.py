"""The addresses of leads."""

from django.urls import path

from custode.web.leads.board import views as board
from custode.web.leads.bulk import views as bulk
from custode.web.leads.create import views as create
from custode.web.leads.list import views as list_
from custode.web.leads.page import comments, folder
from custode.web.leads.page import views as page

urlpatterns = [
    path("board/", board.board, name="board"),
    path("board/cards/", board.cards, name="board_cards"),
    path("leads/", list_.lead_list, name="lead_list"),
    path("leads/bulk/", bulk.bulk, name="lead_bulk"),
    path("leads/new/", create.lead_new, name="lead_new"),
    path("leads/<int:pk>/", page.lead, name="lead"),
    path("leads/<int:pk>/field/<slug:name>/", page.field, name="lead_field"),
    path("leads/<int:pk>/move/", board.move, name="lead_move"),
    path("leads/<int:pk>/status/", page.status, name="lead_status"),
    path("leads/<int:pk>/star/", page.star, name="lead_star"),
    path("leads/<int:pk>/take/", page.take, name="lead_take"),
    path("leads/<int:pk>/duplicate/", page.duplicate, name="lead_duplicate"),
    path("leads/<int:pk>/delete/", page.delete, name="lead_delete"),
    path("leads/<int:pk>/folder/", folder.folder, name="lead_folder"),
    path("leads/<int:pk>/history/", comments.history, name="lead_history"),
    path("leads/<int:pk>/comments/", comments.add, name="comment_add"),
    path("comments/<int:pk>/", comments.comment, name="comment"),
    path("comments/<int:pk>/versions/", comments.versions, name="comment_versions"),
    path("comments/<int:pk>/pin/", comments.pin, name="comment_pin"),
    path("comments/<int:pk>/delete/", comments.delete, name="comment_delete"),
    path("attachments/<int:pk>/", comments.attachment, name="attachment"),
]
