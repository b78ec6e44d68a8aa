from __future__ import annotations

from assistant.web.signin.throttle import FIRST_WAIT, FREE, LONGEST_WAIT, Throttle


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def fail(throttle: Throttle, count: int, name: str = "ada", address: str = "10.0.0.1") -> None:
    for _ in range(count):
        assert throttle.begin(name, address) == 0


def test_some_failures_are_free_and_then_the_wait_doubles() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    fail(throttle, FREE["pair"])
    waits = []
    for _ in range(7):
        waits.append(throttle.begin("ada", "10.0.0.1"))
        clock.now += waits[-1]
        fail(throttle, 1)
    assert waits == [30, 60, 120, 240, 480, LONGEST_WAIT, LONGEST_WAIT]


def test_a_try_while_waiting_does_not_lengthen_the_wait() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    fail(throttle, FREE["pair"])
    clock.now += 10
    assert [throttle.begin("ada", "10.0.0.1") for _ in range(3)] == [FIRST_WAIT - 10] * 3


def test_tries_count_before_it_is_known_whether_they_are_right() -> None:
    throttle = Throttle(Clock())
    fail(throttle, FREE["pair"])  # none of which has ended
    assert throttle.begin("ada", "10.0.0.1") > 0


def test_a_right_one_makes_the_wrong_ones_before_it_forgotten() -> None:
    throttle = Throttle(Clock())
    fail(throttle, FREE["pair"] - 1)
    fail(throttle, 1)
    throttle.succeeded("ada", "10.0.0.1")
    fail(throttle, FREE["pair"])


def test_many_addresses_that_guess_one_name_are_slowed_down_together() -> None:
    throttle = Throttle(Clock())
    for number in range(FREE["name"]):
        fail(throttle, 1, address=f"10.0.0.{number}")
    assert throttle.begin("ada", "10.0.1.1") > 0
    assert throttle.begin("eve", "10.0.1.1") == 0


def test_one_address_that_guesses_many_names_is_slowed_down_even_with_a_name_of_its_own() -> None:
    throttle = Throttle(Clock())
    for number in range(FREE["address"]):
        fail(throttle, 1, name=f"name{number}")
        if throttle.begin("own", "10.0.0.1") == 0:
            throttle.succeeded("own", "10.0.0.1")
    assert throttle.begin("another", "10.0.0.1") > 0


def test_a_network_in_ipv6_is_one_address() -> None:
    throttle = Throttle(Clock())
    for number in range(FREE["pair"]):
        fail(throttle, 1, address=f"2001:db8::{number + 1:x}")
    assert throttle.begin("ada", "2001:db8::ffff") > 0
    assert throttle.begin("ada", "2001:db8:0:1::1") == 0


def test_an_address_of_ipv4_written_as_ipv6_is_the_same() -> None:
    throttle = Throttle(Clock())
    fail(throttle, FREE["pair"])
    assert throttle.begin("ada", "::ffff:10.0.0.1") > 0


def test_names_made_up_by_the_thousand_do_not_clear_an_address() -> None:
    throttle = Throttle(Clock())
    for number in range(FREE["address"]):
        fail(throttle, 1, name=f"a{number}", address="10.0.0.1")
    for number in range(10_100):
        fail(throttle, 1, name=f"b{number}", address=f"10.1.0.{number % 200}")
    assert throttle.begin("new", "10.0.0.1") > 0


def test_failures_are_forgotten_after_an_hour() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    fail(throttle, FREE["pair"])
    clock.now += 3700
    fail(throttle, FREE["pair"])


def test_what_no_longer_counts_is_not_held_either() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    fail(throttle, 1, name="old")
    clock.now += 1800
    fail(throttle, 1, name="new", address="10.0.0.2")
    clock.now += 1900
    fail(throttle, 1, name="eve", address="10.0.0.3")
    throttle.succeeded("eve", "10.0.0.3")
    held = {key for table in throttle._failures.values() for key in table}
    assert held == {"new", "10.0.0.2", "10.0.0.2 new"}
