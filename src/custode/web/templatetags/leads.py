"""The template filters that the screens of leads need besides the shell's."""

from django import template

from custode.web.leads.list import columns

register = template.Library()
register.filter("day", columns.day)
