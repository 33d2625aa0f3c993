"""The modules whose routes make up the pages: importing one adds its routes to the blueprint."""

from __future__ import annotations

from api.pages import forms, recycler, sign_in, views

ROUTES = (views, forms, recycler, sign_in)
