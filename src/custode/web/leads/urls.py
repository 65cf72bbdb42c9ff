"""URL patterns of leads."""

from django.urls import path

from custode.web.leads.board import views as board
from custode.web.leads.bulk import views as bulk
from custode.web.leads.create import views as create
from custode.web.leads.emails import views as emails
from custode.web.leads.list import views as list_
from custode.web.leads.page import back, folder, webhooks
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
    path("leads/changes/<int:pk>/back/", back.take_back, name="take_back"),
    path("leads/<int:pk>/star/", page.star, name="lead_star"),
    path("leads/<int:pk>/take/", page.take, name="lead_take"),
    path("leads/<int:pk>/duplicate/", page.duplicate, name="lead_duplicate"),
    path("leads/<int:pk>/trigger/", webhooks.trigger, name="lead_trigger"),
    path("leads/<int:pk>/delete/", page.delete, name="lead_delete"),
    path("leads/<int:pk>/folder/", folder.folder, name="lead_folder"),
    path("leads/<int:pk>/emails/new/", emails.compose, name="email_new"),
    path("leads/<int:pk>/emails/fill/", emails.fill, name="email_fill"),
    path("leads/<int:pk>/emails/preview/", emails.preview, name="email_preview"),
    path("emails/<int:pk>/", emails.email, name="email"),
    path("emails/<int:pk>/again/", emails.again, name="email_again"),
    path("emails/<int:pk>/sent/", emails.mark_sent, name="email_sent"),
    path("emails/<int:pk>/delete/", emails.delete, name="email_delete"),
    path("email-files/<int:pk>/", emails.file, name="email_file"),
]
