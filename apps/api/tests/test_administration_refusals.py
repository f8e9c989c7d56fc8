"""What administration refuses: one sentence with the remedy, and nothing changed."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest
from api_stage import ACME, BETA
from operator_stage import sentence

if TYPE_CHECKING:
    from operator_stage import Operator

pytestmark = pytest.mark.databases

NEW = "tenant add --name Gamma"
ADD = f"{NEW} --slug gamma"
THERE_ARE = "there are: acme-corp, beta-ind."


UNKNOWN = f"""
tenant disable acme | There is no tenant 'acme'; {THERE_ARE}
tenant enable {ACME[:-1]}0 | {THERE_ARE}
tenant export acme file.zip | {THERE_ARE}
tenant erase acme --confirm acme | {THERE_ARE}
user list --tenant acme | {THERE_ARE}
audit list --tenant acme | {THERE_ARE}
user disable a@b.org | There is no user 'a@b.org'; there are: admin@acme.com, analyst@acme.com,
user remove a@b.org --confirm a@b.org | There is no user 'a@b.org'
user set-password a@b.org --generate | There is no user 'a@b.org'
role grant viewer@beta.com acme viewer | {THERE_ARE}
role grant a@b.org acme-corp viewer | There is no user 'a@b.org'
role revoke viewer@beta.com acme-corp | has no role in acme-corp, only in: beta-ind.
dashboard assign acme-corp clv | 'clv'; there are: customer-lifetime-value, risk-analysis.
dashboard assign acme risk-analysis | {THERE_ARE}
dashboard unassign beta-ind clv | There is no dashboard of beta-ind 'clv'; there are: risk-analysis.
dashboard assign acme-corp risk-analysis --data-version ../x | data version '../x'; there are:
"""
MALFORMED = f"""
{NEW} --slug Gamma | 'Gamma' cannot be a slug; use up to 63 of a-z, 0-9 and -
{NEW} --slug -gamma | cannot be a slug
{NEW} --slug {"a" * 64} | cannot be a slug
{NEW} --slug ../acme | cannot be a slug
{NEW} --slug '' | '' cannot be a slug
{NEW} --slug {ACME.replace("8", "9")} | cannot be a slug
tenant add --slug gamma --name '  ' | '  ' cannot be a name; use 1 to 200 printable
tenant add --slug gamma --name {"x" * 201} | cannot be a name; use 1 to 200 printable
{ADD} --id 17 | '17' is not a UUID; leave --id out
{ADD} --id {{{ACME}}} | is not a UUID
{ADD} --primary-color red | 'red' is not a colour; write it like #0052cc.
{ADD} --primary-color '#0052cc;' | is not a colour
{ADD} --currency euro | 'euro' is not a currency; use its three letters
user add anna | 'anna' is not an email; write it like anna@example.com.
user add anna@example | is not an email
user add 'an na@example.com' | is not an email
user add {"x" * 250}@example.com | is not an email
user disable anna | 'anna' is not an email
dashboard assign acme-corp risk-analysis --config {{ | --config is not JSON
dashboard assign acme-corp risk-analysis --config [1] | --config must be a JSON object
dashboard assign acme-corp risk-analysis --config '{{"a": NaN}}' | NaN is no JSON
dashboard assign acme-corp risk-analysis --config {"[" * 99_999} | --config is not JSON
dashboard assign acme-corp risk-analysis --config {"1" * 100_001} | longer than 100,000
"""
TAKEN = f"""
{NEW} --slug acme-corp | Tenant acme-corp ({ACME}) has this slug already; choose another.
{ADD} --id {BETA} | Tenant beta-ind ({BETA}) has this id already; choose another.
user add Admin@Acme.com | There is a user admin@acme.com already; choose another email.
dashboard assign acme-corp risk-analysis | already; give --config or --data-version
"""
UNCONFIRMED = """
tenant erase acme-corp | Nobody is here to confirm that; add --confirm acme-corp.
user remove viewer@beta.com | Nobody is here to confirm that; add --confirm viewer@beta.com.
user remove viewer@beta.com --confirm yes | That was 'yes' and not viewer@beta.com, so nothing
user set-password viewer@beta.com | Nobody is here to type a password; use --stdin or --generate.
user set-password viewer@beta.com --stdin | The password has 0 characters; use 12 or more.
user set-password viewer@beta.com --stdin --generate | exclude each other; choose one.
"""
NOT_OF_THE_COMMAND_LINE = """
tenant add --slug gamma | Missing option '--name'; kyros-api admin tenant add --help lists
tenant add --color red | No such option: --color
tenant disable | Missing argument 'TENANT'; kyros-api admin tenant disable --help lists
tenant disable acme-corp beta-ind | unexpected extra argument
tenant delete acme-corp | No such command 'delete'; kyros-api admin tenant --help lists
role grant viewer@beta.com acme-corp owner | 'admin'
user set-password viewer@beta.com 'a good long password' | unexpected extra argument
audit list --limit 0 | greater than or equal to 1
audit list --limit many | should be a valid integer
"""


def cases(*tables: str) -> list[tuple[list[str], str]]:
    """Return the arguments and the expected part of the sentence of each line."""
    lines = [line for table in tables for line in table.strip().splitlines()]
    return [(shlex.split(line), said) for line, said in (line.split(" | ") for line in lines)]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        *cases(UNKNOWN, MALFORMED, TAKEN, UNCONFIRMED, NOT_OF_THE_COMMAND_LINE),
        (["tenant", "disable", "a\x1b[31m\n"], r"'a\x1b[31m\n'"),
        (["tenant", "disable", "x" * 300], "x…'; there are:"),
        ([*NEW.split(), "--slug", "gamma\n"], "cannot be a slug"),
        (["tenant", "add", "--slug", "gamma", "--name", "G\tG"], "cannot be a name"),
        (["user", "add", "a\u202e@example.com"], "is not an email"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, list) else "",
)
def test_bad_arguments(operator: Operator, arguments: list[str], expected: str) -> None:
    """Exit code 2, the sentence, and everything as it was."""
    before = operator.state()
    done = operator.run(*arguments)
    assert 2 == done.code, done
    said = done._replace(err=done.err.splitlines(keepends=True)[-1])
    assert expected in sentence(said)
    assert before == operator.state()


@pytest.mark.parametrize("confirmed", ["", "acme", "beta-ind", ACME, "yes"])
def test_only_the_slug_confirms_an_erasure(operator: Operator, confirmed: str) -> None:
    """Anything else than the slug of that tenant leaves it."""
    before = operator.state()
    done = operator.run("tenant", "erase", ACME, "--confirm", confirmed)
    assert (2, "") == (done.code, done.out)
    assert f"That was {confirmed!r} and not acme-corp, so nothing was changed." in done.err
    assert before == operator.state()


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        (b"short", "The password has 5 characters; use 12 or more."),
        (b"x" * 5000, "or fewer."),
        (b"Viewer@Beta.com", "The password is the email; choose another."),
        (b"password1234", "one of the first that are guessed; choose another."),
        (b"\xff\xfe a good long password", "The password on standard input is not UTF-8"),
    ],
)
def test_bad_passwords(operator: Operator, password: bytes, expected: str) -> None:
    """They are refused by the rule that they break, and never repeated."""
    before = operator.state()
    done = operator.run("user", "set-password", "viewer@beta.com", "--stdin", stdin=password)
    assert 2 == done.code
    assert expected in sentence(done)
    assert before == operator.state()


def test_many_names_are_not_all_listed(operator: Operator) -> None:
    """Among many, those that are written much the same are named."""
    for number in range(20):
        operator.do("user", "add", f"person{number}@example.com")
    done = operator.run("user", "disable", "persn7@example.com")
    assert "among the 23 that there are: person7@example.com," in sentence(done)


def test_a_command_group_alone_shows_its_help(operator: Operator) -> None:
    """It is no success either."""
    done = operator.run("tenant")
    assert 2 == done.code
    assert "Usage: kyros-api admin tenant" in done.out
