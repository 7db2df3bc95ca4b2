"""Addresses of plans."""

from __future__ import annotations

from django.urls import path

from upward.web.plans.views import dates, files, history, home, joining, overview, people, steps, tasks

app_name = "plans"
PLAN = "plans/<slug:slug>/"
urlpatterns = [
    path("plans/", overview.plan_list, name="list"),
    path("plans/overview/", overview.overview, name="overview"),
    path("plans/overview.csv", overview.overview_csv, name="overview_csv"),
    path("plans/new/", home.new_plan, name="new"),
    path("plans/import/", home.bring_in, name="bring_in"),
    path("notices/", home.notices, name="notices"),
    path("calendar/<str:token>.ics", dates.feed, name="feed"),
    path("invitations/<str:token>/", joining.accept, name="accept"),
    path("invitations/<str:token>/sent/", joining.sent, name="accept_sent"),
    path("invitations/mail/<str:proof>/", joining.accept_by_mail, name="accept_by_mail"),
    path(PLAN, home.home, name="home"),
    path(f"{PLAN}waiting/", home.waiting, name="waiting"),
    path(f"{PLAN}later/", home.postpone, name="postpone"),
    path(f"{PLAN}facts/", home.facts, name="facts"),
    path(f"{PLAN}state/", home.state, name="state"),
    path(f"{PLAN}history/", history.history, name="history"),
    path(f"{PLAN}history.csv", history.history_csv, name="history_csv"),
    path(f"{PLAN}history/<int:number>/undo/", history.take_back, name="undo"),
    path(f"{PLAN}search/", home.search, name="search"),
    path(f"{PLAN}export/", home.export, name="export"),
    path(f"{PLAN}steps/", steps.steps, name="steps"),
    path(f"{PLAN}steps/<int:number>/", steps.step, name="step"),
    path(f"{PLAN}steps/<int:number>/guide/", steps.guide, name="guide"),
    path(f"{PLAN}steps/<int:number>/sign-off/", steps.sign_off, name="sign_off"),
    path(f"{PLAN}steps/<int:number>/tasks/", tasks.add, name="add_task"),
    path(f"{PLAN}chapters/<str:key>/", steps.chapter, name="chapter"),
    path(f"{PLAN}questions/<str:key>/", steps.question, name="question"),
    path(f"{PLAN}drafts/<str:form>/", steps.drafts, name="drafts"),
    path(f"{PLAN}tasks/", tasks.task_list, name="tasks"),
    path(f"{PLAN}tasks/<str:key>/", tasks.task, name="task"),
    path(f"{PLAN}tasks/<str:key>/take/", tasks.take, name="take"),
    path(f"{PLAN}tasks/<str:key>/delete/", tasks.remove, name="remove_task"),
    path(f"{PLAN}people/", people.people, name="people"),
    path(f"{PLAN}people/invite/", people.invite, name="invite"),
    path(f"{PLAN}people/<int:number>/", people.member, name="member"),
    path(f"{PLAN}people/<int:number>/leave/", people.leave, name="leave"),
    path(f"{PLAN}invitations/<int:number>/withdraw/", people.withdraw, name="withdraw"),
    path(f"{PLAN}calendar/", dates.calendar, name="calendar"),
    path(f"{PLAN}calendar/new/", dates.add, name="add_date"),
    path(f"{PLAN}calendar/<int:number>/", dates.change, name="date"),
    path(f"{PLAN}calendar/<int:number>/delete/", dates.remove, name="remove_date"),
    path(f"{PLAN}files/", files.files, name="files"),
    path(f"{PLAN}files/<int:number>/", files.download, name="file"),
    path(f"{PLAN}files/<int:number>/delete/", files.remove, name="remove_file"),
]
