"""The web front end: a router for the four steps, everything else is in app_pages/."""

import streamlit as st

from app_pages import layout, state

st.set_page_config(page_title="SkillMatch", page_icon="◆", layout="wide")

PAGES = [
    st.Page("app_pages/company.py", title="1 Your company", url_path="company", default=True),
    st.Page("app_pages/missing.py", title="2 What is missing", url_path="missing"),
    st.Page("app_pages/offers.py", title="3 Training on offer", url_path="offers"),
    st.Page("app_pages/plan.py", title="4 Your plan", url_path="plan"),
]

page = st.navigation(PAGES, position="top")
state.restore()
layout.header()
with layout.problems_shown():
    page.run()
layout.footer(PAGES, page)
