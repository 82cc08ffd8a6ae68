import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from planwiki.base import clock
from planwiki.base.ids import hash_secret, looks_like_secret, new_id, new_secret


def test_an_id_is_a_version_7_uuid_of_this_moment() -> None:
    before = int(clock.now().timestamp() * 1000)
    made = new_id()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= before + 5_000


def test_ids_grow_also_while_the_clock_stands_still_or_goes_back() -> None:
    with clock.frozen(datetime(2026, 3, 1, tzinfo=UTC)) as still:
        first = [new_id() for _ in range(2_000)]
        still.move(timedelta(days=-1))
        later = [new_id() for _ in range(2_000)]
    assert first + later == sorted(set(first + later))


def test_threads_never_make_the_same_id() -> None:
    with ThreadPoolExecutor(8) as threads:
        ids = [made for some in threads.map(lambda _: [new_id() for _ in range(500)], range(8)) for made in some]
    assert len(set(ids)) == 4_000


def test_a_secret_has_its_prefix_and_256_random_bits() -> None:
    made = {new_secret("pw_token") for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"pw_token_[0-9A-Za-z]{49}", secret) for secret in made)
    assert new_secret().startswith("pw_")
    assert new_secret("pw_").count("_") == 1


def test_a_secret_with_one_letter_changed_is_told_apart_without_the_database() -> None:
    secret = new_secret("pw")
    assert looks_like_secret(secret)
    for place in range(3, len(secret)):
        other = "A" if secret[place] != "A" else "B"
        assert not looks_like_secret(secret[:place] + other + secret[place + 1 :])
    for wrong in ("", "pw_", secret[:-1], secret + "A", f"{secret}\n", secret.replace("pw_", "px_"), "\ud800"):
        assert not looks_like_secret(wrong)


def test_a_secret_of_another_kind_is_told_apart() -> None:
    secret = new_secret("pw_session")
    assert looks_like_secret(secret, "pw_session")
    assert not looks_like_secret(secret, "pw_token")


@pytest.mark.parametrize("prefix", ["", "_", "PW", "p-w", "pw__x", "pw1"])
def test_an_odd_prefix_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="small letters"):
        new_secret(prefix)


def test_only_the_hash_of_a_secret_is_kept() -> None:
    assert hash_secret("pw_x") == hashlib.sha256(b"pw_x").hexdigest()
    assert len(hash_secret("\ud800")) == 64
