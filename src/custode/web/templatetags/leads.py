"""What the templates of leads need beyond the frame's parts."""

from django import template

from custode.web.leads.list import columns

register = template.Library()
register.filter("day", columns.day)
