"""The records of a plan. Steps, tasks and questions are the catalogue's; here stands what a team does with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

PERSON = settings.AUTH_USER_MODEL


class Role(models.TextChoices):
    """What a member is to a plan; what each may do stands in `policies.ROLES`."""

    OWNER = "owner"
    EDITOR = "editor"
    CONTRIBUTOR = "contributor"
    VIEWER = "viewer"
    ADVISER = "adviser"
    ASSISTANT = "assistant"


class Versioned(models.Model):
    """A record that two people may have open at once: each save counts its version up."""

    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """No table of its own."""

        abstract = True


class Plan(Versioned):
    """A Mobility Action Plan of one place or a group of places."""

    class State(models.TextChoices):
        """Open to its members, or closed: readable, not changed."""

        OPEN = "open"
        CLOSED = "closed"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    first_year = models.PositiveSmallIntegerField(null=True)
    last_year = models.PositiveSmallIntegerField(null=True)
    led_by = models.CharField(max_length=200, blank=True)
    about = models.TextField(blank=True)
    edition = models.CharField(max_length=4, default="2025")
    release = models.CharField(max_length=80, blank=True, default="")  # whose numbers the plan uses
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """By name."""

        ordering = ("name", "pk")

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class PlanPlace(models.Model):
    """A county or city that the plan is for, in the order in which the plan names them."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="places")
    geo_id = models.CharField(max_length=7)
    name = models.CharField(max_length=160)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """A place stands in a plan once."""

        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=["plan", "geo_id"], name="place_once"),)

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Membership(models.Model):
    """A person's part in a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    function = models.CharField(max_length=120, blank=True)
    joined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """A person has one part in a plan."""

        ordering = ("user__name", "pk")
        constraints = (models.UniqueConstraint(fields=["plan", "user"], name="member_once"),)

    def __str__(self) -> str:
        """Return who is what."""
        return f"{self.user} ({self.role})"


class Invitations(models.Manager["Invitation"]):
    """Finding invitations."""

    def open(self) -> models.QuerySet[Invitation]:
        """Return those that can still be accepted."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A link with which someone becomes a member; only the hash of its secret is kept.

    With an address it is for that person alone; without one it is for whoever holds the link, `places_left` times.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=12, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    places_left = models.PositiveSmallIntegerField(default=1)
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = Invitations()

    class Meta:
        """Newest first."""

        ordering = ("-created_at",)

    def __str__(self) -> str:
        """Return whom it is for."""
        return self.email or f"link for {self.role}"


class Task(Versioned):
    """What a team did with a task: of the catalogue (`key` is its id), or its own (`key` begins with `own.`).

    A task of the catalogue has no row until someone touches it.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="tasks")
    key = models.CharField(max_length=40)
    step = models.CharField(max_length=60)
    title = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey(PERSON, on_delete=models.SET_NULL, null=True, related_name="+")
    due = models.DateField(null=True)
    done_on = models.DateField(null=True)
    proof = models.TextField(blank=True)
    proof_link = models.URLField(max_length=500, blank=True)
    set_aside = models.TextField(blank=True)

    class Meta:
        """A task stands in a plan once."""

        ordering = ("step", "key")
        constraints = (models.UniqueConstraint(fields=["plan", "key"], name="task_once"),)
        indexes = (models.Index(fields=["plan", "owner"], name="task_of_owner"),)

    def __str__(self) -> str:
        """Return its key."""
        return f"{self.key} {self.title}".strip()


class Answer(Versioned):
    """The answer to a question of the catalogue as it stands now; each version is kept beside it."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=40)
    value: Any = models.JSONField()
    by = models.ForeignKey(PERSON, on_delete=models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        """A question has one answer in a plan."""

        ordering = ("question",)
        constraints = (models.UniqueConstraint(fields=["plan", "question"], name="answer_once"),)

    def __str__(self) -> str:
        """Return its question."""
        return self.question


class AnswerVersion(models.Model):
    """One version of an answer; never changed, never deleted while its plan is there."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    value: Any = models.JSONField()
    by_name = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Newest first."""

        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=["answer", "number"], name="version_once"),)

    def __str__(self) -> str:
        """Return its number."""
        return f"version {self.number}"


class StepRecord(Versioned):
    """That a step was signed off, with the note that went with it."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=60)
    signed_off_at = models.DateTimeField(null=True)
    signed_off_by = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        """A step stands in a plan once."""

        constraints = (models.UniqueConstraint(fields=["plan", "step"], name="step_once"),)

    def __str__(self) -> str:
        """Return its step."""
        return self.step


class PlanDate(Versioned):
    """A meeting or deadline of the plan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="dates")
    title = models.CharField(max_length=200)
    day = models.DateField()
    time = models.TimeField(null=True)
    place = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        """In the order of the days."""

        ordering = ("day", "time", "pk")

    def __str__(self) -> str:
        """Return its title."""
        return self.title


def upload_path(upload: Upload, _name: str) -> str:
    """Return where a file is kept: never under the name that it came with."""
    return f"plan-{upload.plan_id}/{upload.sha256[:32]}-{timezone.now():%Y%m%d%H%M%S%f}"


class Upload(models.Model):
    """A file of a plan, checked by its content when it came."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="files")
    task = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=upload_path, max_length=200)
    about = models.CharField(max_length=200, blank=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Newest first."""

        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        """Return the name that it came with."""
        return self.name


class Draft(models.Model):
    """What a person typed and has not saved, kept for 30 days."""

    user = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=80)
    fields: Any = models.JSONField()
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One draft for a person and form."""

        constraints = (models.UniqueConstraint(fields=["user", "plan", "form"], name="draft_once"),)

    def __str__(self) -> str:
        """Return its form."""
        return self.form


class Notice(models.Model):
    """Something that a person should know; read in the app, and sent in the digest if not read before."""

    user = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="notices")
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    parts: Any = models.JSONField(default=dict)
    path = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=["user", "read_at"], name="unread_of_person"),)

    def __str__(self) -> str:
        """Return its kind."""
        return self.kind


class Postponement(models.Model):
    """A next thing that a person put off: "Do something else first"."""

    user = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    thing = models.CharField(max_length=80)
    until: datetime = models.DateTimeField()

    class Meta:
        """A thing is put off once."""

        constraints = (models.UniqueConstraint(fields=["user", "plan", "thing"], name="postponed_once"),)

    def __str__(self) -> str:
        """Return the thing."""
        return self.thing
