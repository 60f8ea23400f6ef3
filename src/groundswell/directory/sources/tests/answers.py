"""Answers as the sources give them: their shape and their oddities, about people we invented."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from groundswell.directory.sources.gb_members import constituencies
from tests.support.answering import Route, answer


def gb(number: int = 3) -> dict[str, Route]:
    """The Members API: a paged search with 20 a page, and each member's contacts."""
    seats = ["Aberafan Maesteg", "Ynys Môn", "Holborn and St Pancras"]
    seats += ["Cities of London and Westminster", "Belfast East"]
    seats += [name for name in constituencies() if name not in seats]
    members = [_gb_member(5000 + one, seats[one]) for one in range(number)]
    routes: dict[str, Route] = {
        f"/api/Members/{member['id']}/Contact": _json(_gb_contacts(member["id"]))
        for member in members
    }

    def search(to: Any) -> None:
        asked = parse_qs(urlsplit(to.path).query)
        skip, take = int(asked["skip"][0]), min(20, int(asked["take"][0]))
        items = [{"value": one, "links": []} for one in members[skip : skip + take]]
        page = {"items": items, "totalResults": number, "resultContext": "", "skip": skip,
                "take": take, "links": [], "resultType": "MemberSearch"}  # fmt: skip
        answer(to, _json(page), Content_Type="application/json; charset=utf-8")

    return {**routes, "/api/Members/Search": search}


def _gb_member(number: int, seat: str) -> dict[str, Any]:
    return {
        "id": number, "nameListAs": f"Invented, Member{number}",
        "nameDisplayAs": f"Member{number} Invented",
        "nameFullTitle": f"Member{number} Invented MP", "nameAddressAs": None,
        "latestParty": {"id": 15, "name": "Labour", "abbreviation": "Lab",
                        "backgroundColour": "d50000", "isIndependentParty": False},
        "gender": "F",
        "latestHouseMembership": {
            "membershipFrom": seat, "membershipFromId": 4000 + number, "house": 1,
            "membershipStartDate": "2024-07-04T00:00:00", "membershipEndDate": None,
            "membershipStatus": {"statusIsActive": True, "statusDescription": "Current Member"}},
        "thumbnailUrl": f"https://members-api.parliament.uk/api/Members/{number}/Thumbnail",
    }  # fmt: skip


def _gb_contacts(number: int) -> dict[str, Any]:
    empty = dict.fromkeys(("line2", "line3", "line4", "line5", "postcode", "phone", "fax", "email"))
    return {
        "value": [
            {"type": "Parliamentary office", "typeId": 1, "isPreferred": False,
             "isWebAddress": False, "notes": None, **empty, "line1": "House of Commons",
             "line2": "London", "postcode": "SW1A 0AA", "phone": "020 7219 0000",
             "email": f"member{number}.mp@parliament.uk"},
            {"type": "Constituency office", "typeId": 4, "isWebAddress": False, **empty,
             "line1": "1 High Street", "line2": "Somewhere", "postcode": "AB1 2CD",
             "phone": "01632 960000", "email": ""},
            {"type": "Website", "typeId": 6, "isWebAddress": True, **empty,
             "line1": "https://member.example.org/"},
            {"type": "X (formerly Twitter)", "typeId": 7, "isWebAddress": True, **empty,
             "line1": "https://twitter.com/invented_mp"},
            {"type": "Website", "typeId": 6, "isWebAddress": True, **empty,
             "line1": "javascript:alert(1)"},
        ],
        "links": [{"rel": "self", "href": f"/Members/{number}/Contact", "method": "GET"}],
    }  # fmt: skip


def ca(number: int = 3) -> dict[str, Route]:
    """Represent: pages with `meta`, offices without the keys they have nothing for."""
    people = [_ca_person(one) for one in range(number)]

    def listing(to: Any) -> None:
        asked = parse_qs(urlsplit(to.path).query)
        skip, take = int(asked["offset"][0]), int(asked["limit"][0])
        meta = {"offset": skip, "limit": take, "total_count": number, "next": None}
        page = {"objects": people[skip : skip + take], "meta": meta}
        answer(to, _json(page), Content_Type="application/json")

    return {"/representatives/house-of-commons/": listing}


def _ca_person(one: int) -> dict[str, Any]:
    return {
        "name": f"Membre{one} Inventé", "district_name": f"Richmond—Riding {one}",
        "elected_office": "MP", "first_name": f"Membre{one}", "last_name": "Inventé",
        "source_url": "https://www.ourcommons.ca/Members/en/search", "party_name": "Liberal",
        "email": f"membre{one}@parl.example.ca",
        "url": f"https://www.ourcommons.ca/Members/en/membre-invente({110_000 + one})",
        "personal_url": "", "photo_url": "", "gender": "M",
        "offices": [
            {"fax": "1 613 555-0100", "tel": "1 613 555-0101", "type": "legislature",
             "postal": "House of Commons\nOttawa ON  K1A 0A6"},
            {"tel": "1 604 555-0102", "type": "constituency",
             "postal": "1 Main\nRichmond BC  V7A 5J9"},
        ],
        "extra": {"preferred_languages": ["English"]},
        "representative_set_name": "House of Commons",
        "related": {"boundary_url": "/boundaries/federal-electoral-districts-2023-representation-"
                    f"order/{59_000 + one}/"},
    }  # fmt: skip


def eu(number: int = 3) -> dict[str, Route]:
    """The Open Data Portal: JSON-LD, a list and one page for each."""
    meps = [
        {"id": f"person/{one}", "type": "Person", "identifier": str(one),
         "label": f"Member{one} INVENTED", "familyName": "Invented", "givenName": f"Member{one}",
         "sortLabel": "INVENTED", "api:country-of-representation": "EL" if one % 2 else "LU",
         "api:political-group": "Greens/EFA"}
        for one in range(100, 100 + number)
    ]  # fmt: skip
    context = [{"data": "@graph", "@base": "https://data.europarl.europa.eu/"}]
    routes: dict[str, Route] = {
        f"/api/v2/meps/{mep['identifier']}": _json(
            {"data": [{**mep, "hasGender": "x", "bday": "1970-01-01",
                       "hasEmail": f"mailto:member{mep['identifier']}@europarl.example.eu",
                       "hasMembership": []}], "@context": context})
        for mep in meps
    }  # fmt: skip
    return {**routes, "/api/v2/meps/show-current": _json({"data": meps, "@context": context})}


def de(number: int = 3, *, label: str = "Bundestag 2025 - 2029") -> dict[str, Route]:
    """abgeordnetenwatch: `meta` with totals, labels with the period in brackets."""
    mandates = [_de_mandate(one, label) for one in range(number)]

    def listing(to: Any) -> None:
        asked = parse_qs(urlsplit(to.path).query)
        skip, take = int(asked["range_start"][0]), int(asked["range_end"][0])
        some = mandates[skip : skip + take]
        result = {"count": len(some), "total": number, "range_start": skip, "range_end": take}
        answer(to, _json({"meta": {"status": "ok", "result": result}, "data": some}))

    period = {"id": 161, "entity_type": "parliament_period", "label": label}
    parliament = {"id": 5, "label": "Bundestag", "current_project": period}
    return {
        "/api/v2/parliaments/5": _json({"meta": {"status": "ok"}, "data": parliament}),
        "/api/v2/candidacies-mandates": listing,
    }


def _de_mandate(one: int, label: str) -> dict[str, Any]:
    won = ("constituency", "list", "moved_up")[one % 3]
    seat = {"id": 13_000 + one, "label": f"{one + 1} - Flensburg - Schleswig ({label})"}
    profile = f"https://www.abgeordnetenwatch.de/profile/erdacht-{one}"
    return {
        "id": 67_000 + one, "entity_type": "candidacy_mandate", "label": f"Mitglied{one} ({label})",
        "type": "mandate", "start_date": "2025-03-25", "end_date": None,
        "politician": {"id": 79_000 + one, "entity_type": "politician",
                       "label": f"Mitglied{one} Erdacht", "abgeordnetenwatch_url": profile},
        "electoral_data": {"constituency": seat, "mandate_won": won},
        "fraction_membership": [{"id": 1, "fraction": {"id": 9, "label": f"SPD ({label})"},
                                 "valid_from": "2025-03-25", "valid_until": None}],
    }  # fmt: skip


def wikidata(*rows: dict[str, str], merged: dict[str, str] | None = None) -> dict[str, Route]:
    """The query service: each binding with its type. `merged`: items that redirect to others."""
    moved = [{"old": _item(old), "new": _item(new)} for old, new in (merged or {}).items()]

    def sparql(to: Any) -> None:
        query = parse_qs(urlsplit(to.path).query)["query"][0]
        found = moved if "sameAs" in query else [_binding(row) for row in rows]
        body = {"head": {"vars": ["person"]}, "results": {"bindings": found}}
        answer(to, _json(body), Content_Type="application/sparql-results+json")

    return {"/sparql": sparql}


def holder(person: str, **more: str) -> dict[str, str]:
    """One row of the answer about a member of the National Assembly of Armenia."""
    row = {
        "class": "Q486839", "pos": "Q17277248",
        "posLabel": "member of the National Assembly of Armenia", "person": person,
        "personLabel": f"Անուն {person}", "start": "2026-07-01T00:00:00Z",
    }  # fmt: skip
    return {name: value for name, value in {**row, **more}.items() if value}


def _binding(row: dict[str, str]) -> dict[str, Any]:
    items = {"class", "pos", "person", "term"}
    return {
        name: _item(value) if name in items else {"type": "literal", "value": value}
        for name, value in row.items()
    }


def _item(number: str) -> dict[str, str]:
    return {"type": "uri", "value": f"http://www.wikidata.org/entity/{number}"}


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
