"""URL patterns of client folders."""

from django.urls import path

from custode.web.clients import contacts, forms, list_page, page

urlpatterns = [
    path("clients/", list_page.folder_list, name="folder_list"),
    path("clients/bulk/", list_page.bulk, name="folder_bulk"),
    path("clients/new/", forms.new, name="folder_new"),
    path("clients/<int:pk>/", page.folder, name="folder"),
    path("clients/<int:pk>/edit/", forms.edit, name="folder_edit"),
    path("clients/<int:pk>/use/", page.use, name="folder_use"),
    path("clients/<int:pk>/delete/", page.delete, name="folder_delete"),
    path("clients/<int:pk>/contacts/", contacts.new, name="contact_new"),
    path("contacts/<int:pk>/", contacts.edit, name="contact"),
    path("contacts/<int:pk>/remove/", contacts.remove, name="contact_remove"),
]
