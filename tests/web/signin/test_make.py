from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.errors import SettingsError
from assistant.records import Records
from assistant.settings import Settings, SignInSettings, WebSettings
from assistant.web.signin.make import check_address, make_way
from assistant.web.signin.openid import OpenId
from assistant.web.signin.passwords import Passwords
from assistant.web.signin.proxy import Proxy

PUBLIC = {"public_url": "https://bernard.example.gov.uk"}


def settings(folder: Path, web: dict[str, Any], **sign_in: Any) -> Settings:
    return Settings(data_dir=folder, web=WebSettings(**web), sign_in=SignInSettings(**sign_in))


def no_records() -> Records:
    raise AssertionError("no records are opened before somebody signs in")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "::", "bernard.example"])
def test_no_other_machine_is_served_without_sign_in(tmp_path: Path, host: str) -> None:
    with pytest.raises(SettingsError) as caught:
        check_address(settings(tmp_path, {"host": host, **PUBLIC}))
    for word in ("BERNARD_SIGN_IN__WAY", "passwords", "proxy", "openid", "BERNARD_WEB__HOST to 127.0.0.1", host):
        assert word in str(caught.value)


def test_nor_through_a_proxy_on_this_machine(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"does not serve for https://bernard\.example\.gov\.uk without"):
        check_address(settings(tmp_path, PUBLIC))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_is_served_without_sign_in(tmp_path: Path, host: str) -> None:
    assert make_way(settings(tmp_path, {"host": host}), no_records) is None
    assert not list(tmp_path.iterdir())


def test_another_address_needs_a_public_one_so_that_no_site_can_borrow_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="BERNARD_WEB__PUBLIC_URL to the address that users type"):
        check_address(settings(tmp_path, {"host": "0.0.0.0"}, way="passwords"))


def test_a_public_address_must_be_by_https(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="must begin with https://"):
        check_address(settings(tmp_path, {"public_url": "http://bernard.example"}, way="proxy"))
    check_address(settings(tmp_path, {"public_url": "http://127.0.0.1:7860"}, way="passwords"))


@pytest.mark.parametrize("url", ["https://user@bernard.example", "https://bernard.example:port", "https://[x"])
def test_a_public_address_that_is_none_is_told(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="no address of a site"):
        check_address(settings(tmp_path, {"public_url": url}, way="passwords"))


def test_each_way_is_made_as_the_settings_say(tmp_path: Path) -> None:
    made = make_way(settings(tmp_path, {"host": "0.0.0.0", **PUBLIC}, way="passwords"), no_records)
    assert isinstance(made, Passwords)
    made = make_way(settings(tmp_path, PUBLIC, way="proxy", proxy_secret="s" * 32), no_records)
    assert isinstance(made, Proxy)
    made = make_way(settings(tmp_path, PUBLIC, way="openid", issuer="https://id.example", client_id="b"), no_records)
    assert isinstance(made, OpenId)
    assert [path.name for path in tmp_path.iterdir()] == ["session.key"]


def test_sign_in_on_this_machine_alone_is_possible(tmp_path: Path) -> None:
    assert isinstance(make_way(settings(tmp_path, {}, way="passwords"), no_records), Passwords)
