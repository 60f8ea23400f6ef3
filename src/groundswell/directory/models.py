"""Decision makers in Popolo's shape. A row is a version: editions end rows, they overwrite none.

Rows point at each other by key, not by id: a person's seat stays theirs when the person's row gets
a newer version.
"""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q


class Source(models.Model):
    """Where rows come from. `checked_on` is the day of its newest edition, if that vouches."""

    id: int
    slug = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    url = models.CharField(max_length=500, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    attribution = models.CharField(max_length=500, blank=True)
    country = models.CharField(max_length=2, blank=True)
    vouches = models.BooleanField(default=True)
    checked_on = models.DateField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.slug


class Edition(models.Model):
    """One loading of a source. `starts_on` is the day its rows take over, `due_on` when to renew.

    `counts`: rows added, changed, ended and kept.
    """

    id: int
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="editions")
    source_id: int
    number = models.PositiveIntegerField()
    as_of = models.DateField()
    starts_on = models.DateField()
    due_on = models.DateField(null=True)
    loaded_at = models.DateTimeField()
    by = models.CharField(max_length=150, blank=True)
    file = models.CharField(max_length=200, blank=True)
    counts = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=150, blank=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["source", "number"], name="edition_numbered"),
        )

    def __str__(self) -> str:
        return f"{self.source.slug} {self.number}"


class RowQuerySet(models.QuerySet[Any]):
    def on(self, day: date) -> "RowQuerySet":
        """The versions that hold on that day: at most one for each key."""
        return self.filter(
            Q(valid_to=None) | Q(valid_to__gte=day), undone=False, valid_from__lte=day
        )


class Row(models.Model):
    """One version of something. `digest` is that of the source's words, corrections aside.

    `current`: the newest version. `ended_by`: the edition that ended it, and `was_valid_to` the
    last day it had before that. `undone`: its edition was taken back; it never held.
    """

    id: int
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    source_id: int
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    edition_id: int
    key = models.CharField(max_length=250)
    digest = models.CharField(max_length=32)
    checked_on = models.DateField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    was_valid_to = models.DateField(null=True)
    ended_by = models.ForeignKey(Edition, null=True, on_delete=models.PROTECT, related_name="+")
    ended_by_id: int | None
    current = models.BooleanField(default=True)
    undone = models.BooleanField(default=False)

    objects = RowQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=["key"], condition=Q(current=True), name="%(class)s_current"
            ),
        )
        indexes: ClassVar[tuple[models.Index, ...]] = (
            models.Index(fields=["key", "valid_from"], name="%(class)s_key"),
        )

    def __str__(self) -> str:
        return self.key


class Area(Row):
    """A division of a country; its key is the OCD id."""

    name = models.CharField(max_length=250)
    classification = models.CharField(max_length=60, blank=True)
    country = models.CharField(max_length=2, blank=True)
    parent = models.CharField(max_length=250, blank=True)
    redrawn_on = models.DateField(null=True)

    class Meta(Row.Meta):
        abstract = False
        indexes = (*Row.Meta.indexes, models.Index(fields=["parent"], name="area_parent"))


class Organization(Row):
    """A parliament, chamber, committee, department…"""

    name = models.CharField(max_length=250)
    classification = models.CharField(max_length=60, blank=True)
    parent = models.CharField(max_length=250, blank=True)
    country = models.CharField(max_length=2, blank=True)
    url = models.CharField(max_length=500, blank=True)

    class Meta(Row.Meta):
        abstract = False


class Post(Row):
    """A seat or an office. `office`: written to as an office, whoever holds it."""

    role = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=250, blank=True)
    organization = models.CharField(max_length=250, blank=True)
    area = models.CharField(max_length=250, blank=True)
    country = models.CharField(max_length=2, blank=True)
    office = models.BooleanField(default=False)
    language = models.CharField(max_length=16, blank=True)
    salutation = models.CharField(max_length=200, blank=True)

    class Meta(Row.Meta):
        abstract = False


class Person(Row):
    """Somebody who holds an office, and only what concerns the office."""

    name = models.CharField(max_length=200)
    given_name = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=120, blank=True)
    honorific = models.CharField(max_length=60, blank=True)
    party = models.CharField(max_length=120, blank=True)
    other_names = models.CharField(max_length=1000, blank=True)
    image = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=16, blank=True)
    salutation = models.CharField(max_length=200, blank=True)
    identifiers = models.JSONField(default=dict)

    class Meta(Row.Meta):
        abstract = False


class Membership(Row):
    """That a person holds a post, or sits on a committee (then `post` is empty)."""

    person = models.CharField(max_length=250)
    post = models.CharField(max_length=250, blank=True)
    organization = models.CharField(max_length=250, blank=True)
    role = models.CharField(max_length=200, blank=True)
    rank = models.PositiveIntegerField(default=0)

    class Meta(Row.Meta):
        abstract = False
        indexes = (
            *Row.Meta.indexes,
            models.Index(fields=["person"], name="membership_person"),
            models.Index(fields=["organization", "rank"], name="membership_organization"),
        )


class ContactDetail(Row):
    """One way to reach the person or post `owner`. `standing`: what came back when it was used."""

    class Standing(models.TextChoices):
        GOOD = "good"
        DOUBTED = "doubted"
        BOUNCED = "bounced"
        WRONG = "wrong"

    owner = models.CharField(max_length=250)
    type = models.CharField(max_length=20)
    value = models.CharField(max_length=1000)
    label = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=4000, blank=True)
    hours = models.CharField(max_length=200, blank=True)
    zone = models.CharField(max_length=60, blank=True)
    city = models.CharField(max_length=120, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    rank = models.PositiveIntegerField(default=0)
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.GOOD)

    class Meta(Row.Meta):
        abstract = False
        indexes = (
            *Row.Meta.indexes,
            models.Index(fields=["owner", "rank"], name="contactdetail_owner"),
            models.Index(
                fields=["owner"], condition=~Q(standing="good"), name="contactdetail_doubtful"
            ),
        )


class Crossing(Row):
    """The divisions one postcode may lie in: [[division, share or null], …], likeliest first."""

    country = models.CharField(max_length=2)
    postcode = models.CharField(max_length=16)
    divisions = models.JSONField()

    class Meta(Row.Meta):
        abstract = False
        indexes = (
            *Row.Meta.indexes,
            models.Index(fields=["country", "postcode"], name="crossing_postcode"),
        )


class Report(models.Model):
    """A contact's standing changed: it bounced, it was wrong, or it was found to be good."""

    contact = models.ForeignKey(ContactDetail, on_delete=models.CASCADE, related_name="reports")
    at = models.DateTimeField()
    what = models.CharField(max_length=10, choices=ContactDetail.Standing)
    by = models.CharField(max_length=150, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.what}"


class Correction(models.Model):
    """What an organiser set right, and why. `kind` is the corrected row's class, `key` its key."""

    id: int
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=250)
    field = models.CharField(max_length=40)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    note = models.CharField(max_length=500)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=["key"], name="correction_key"),)

    def __str__(self) -> str:
        return f"{self.key} {self.field}"


class ImportRow(models.Model):
    """A row of an imported file that did not go in, what is wrong with it and how to mend it."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="refused")
    number = models.PositiveIntegerField()
    field = models.CharField(max_length=60, blank=True)
    problem = models.CharField(max_length=300)
    remedy = models.CharField(max_length=300, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"row {self.number}: {self.problem}"


class TargetList(models.Model):
    """Decision makers chosen by rule or by hand; `rule` is a `lists.Rule`."""

    id: int
    name = models.CharField(max_length=120, unique=True)
    rule = models.JSONField()
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Listing(models.Model):
    """Who can be reached from when to when: rows worked out from the others, made for searching.

    `target` is the key the other rooms use: the person's, or the post's when nobody is named.
    `words` is all its text folded to plain letters.
    """

    id: int
    target = models.CharField(max_length=120)
    person = models.CharField(max_length=250, blank=True)
    post = models.CharField(max_length=250)
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=200)
    organization = models.CharField(max_length=250, blank=True)
    organization_name = models.CharField(max_length=250, blank=True)
    country = models.CharField(max_length=2, blank=True)
    division = models.CharField(max_length=250, blank=True)
    area = models.CharField(max_length=250, blank=True)
    party = models.CharField(max_length=120, blank=True)
    given_name = models.CharField(max_length=120, blank=True)
    family_name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=16, blank=True)
    salutation = models.CharField(max_length=200, blank=True)
    vacant = models.BooleanField(default=False)
    ended_on = models.DateField(null=True)
    words = models.TextField()
    sorting = models.CharField(max_length=200)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    source_id: int
    checked_on = models.DateField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        default_permissions = ()
        permissions = ()
        indexes = (
            models.Index(fields=["target"], name="listing_target"),
            models.Index(fields=["division", "kind"], name="listing_division"),
            models.Index(fields=["kind", "sorting"], name="listing_kind"),
            models.Index(fields=["sorting", "id"], name="listing_sorting"),
            models.Index(fields=["party"], name="listing_party"),
            models.Index(fields=["country", "sorting"], name="listing_country"),
        )

    def __str__(self) -> str:
        return self.target
