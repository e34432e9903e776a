"""Settings are read once, from flags before the environment before defaults; what cannot work is refused by name."""

from pathlib import Path

import pytest

from gateway.settings import BadSetting, Settings, explained, read


def test_defaults_are_safe() -> None:
    """With nothing said, the gateway listens on loopback only and limits bodies."""
    bare = read({})
    assert bare == Settings()
    assert bare.listen_host == "127.0.0.1"
    assert bare.limits.body == 8 * 1024 * 1024


def test_a_flag_wins_over_the_environment() -> None:
    """What is said on the command line is what holds."""
    environ = {"KOUAN_LISTEN_PORT": "9000", "KOUAN_WORKERS": "2", "PATH": "/bin"}
    chosen = read(environ, listen_port=9001, workers=None)
    assert (chosen.listen_port, chosen.workers) == (9001, 2)


def test_sizes_may_bear_a_unit() -> None:
    """Sizes are written as people write them."""
    assert read({"KOUAN_MAX_BODY": "16M"}).max_body == 16 * 1024 * 1024
    assert read({"KOUAN_MAX_HEADER": "32 KiB"}).max_header == 32 * 1024


def test_resolve_names_loopback_hosts() -> None:
    """A closed network can say where its names are."""
    chosen = read({"KOUAN_RESOLVE": "Counter.Macao.Example=127.0.0.1:8443, b.example=[::1]:9"})
    assert chosen.resolve == {"counter.macao.example": ("127.0.0.1", 8443), "b.example": ("::1", 9)}


def test_a_path_may_be_left_empty() -> None:
    """An empty variable means: not set."""
    assert read({"KOUAN_CLIENT_CA": ""}).client_ca is None
    assert read({"KOUAN_CLIENT_CA": "ca.pem"}).client_ca == Path("ca.pem")


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"KOUAN_WORKERS": "two"}, "KOUAN_WORKERS='two': expected a whole number"),
        ({"KOUAN_WORKERS": "0"}, "workers 0: expected 1 or more"),
        ({"KOUAN_MODE": "socks5"}, "mode 'socks5': expected regular"),
        ({"KOUAN_LISTEN_PORT": "70000"}, "listen_port 70000: expected a port"),
        ({"KOUAN_BODY_TIMEOUT": "0"}, "body_timeout 0.0: expected seconds"),
        ({"KOUAN_LOG_LEVEL": "loud"}, "log_level 'loud': expected debug"),
        ({"KOUAN_RESOLVE": "a.example"}, "expected HOST=ADDRESS:PORT"),
        ({"KOUAN_LISTN_PORT": "1"}, "KOUAN_LISTN_PORT: there is no such setting"),
    ],
)
def test_a_bad_setting_is_named(environ: dict[str, str], words: str) -> None:
    """A setting that cannot be used says which, what it was and what is expected."""
    with pytest.raises(BadSetting) as caught:
        read(environ)
    assert words in str(caught.value)


def test_every_setting_is_explained() -> None:
    """No setting without its sentence."""
    assert all(help for _, _, help in explained())
