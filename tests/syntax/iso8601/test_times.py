"""What a time of day is made of, tells, compares and moves by; and its zone."""

import copy
import pickle
import time
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from demotic.syntax.iso8601 import Date, DateTimeFault, Precision, Time, Truncation, UndefinedDateTime, Zone

LANDING = Time(20, 17, 40, zone=Zone.UTC)
LOCAL = Time(20, 17, 40)


@pytest.mark.spec("ISO-015", "ISO-020", "ISO-029")
@pytest.mark.feature("F-SYNTAX-ISO-06")
@pytest.mark.parametrize(
    ("value", "precision", "hms", "seconds"),
    [
        (Time(), Precision.COMPLETE, (0, 0, 0), 0),
        (LOCAL, Precision.COMPLETE, (20, 17, 40), 73060),
        (Time(20), Precision.HOUR, (20, None, None), 72000),
        (Time(20, 17), Precision.MINUTE, (20, 17, None), 73020),
        (Time("20.5"), Precision.HOUR, (Fraction(41, 2), None, None), 73800),
        (Time(20, Decimal("17.25")), Precision.MINUTE, (20, Fraction(69, 4), None), 73035),
        (Time(20, 17, Fraction(1, 3)), Precision.COMPLETE, (20, 17, Fraction(1, 3)), 73020 + Fraction(1, 3)),
        (Time(20, 17, 0.1), Precision.COMPLETE, (20, 17, Fraction(1, 10)), 73020 + Fraction(1, 10)),
        (Time(24), Precision.HOUR, (24, None, None), 86400),
        (Time(23, 59, 60), Precision.COMPLETE, (23, 59, 60), 86399),
        (Time.of_seconds(73060), Precision.COMPLETE, (20, 17, 40), 73060),
        (Time.of_seconds("0.5"), Precision.COMPLETE, (0, 0, Fraction(1, 2)), Fraction(1, 2)),
    ],
)
def test_a_time_says_as_much_as_it_was_given(value: Time, precision: Precision, hms: tuple, seconds: object) -> None:
    assert (value.precision, value.hms, value.total_seconds) == (precision, hms, seconds)
    assert value.is_complete is (precision is Precision.COMPLETE)
    assert value.zone is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: Time(25),
        lambda: Time(-1),
        lambda: Time(20, 60),
        lambda: Time(20, 17, 61),
        lambda: Time(24, 0, 1),
        lambda: Time("24.5"),
        lambda: Time(20, None, 40),
        lambda: Time(None, 17),
        lambda: Time("20.5", 17),
        lambda: Time("x"),
        lambda: Time(True),
        lambda: Time(20, zone=1),
        lambda: LANDING.shift(None),
        lambda: LOCAL.format(decimals=2.5),
        lambda: LOCAL.format(decimals=True),
        lambda: LOCAL.offset(hours=10**1001),
        lambda: Zone(1, 2.5),
        lambda: Zone.of_minutes(1.5),
        lambda: Zone(1, 5, True),
        lambda: Time(float("nan")),
        lambda: Time(Decimal("1e-5000")),
        lambda: Time(Decimal("Infinity")),
        lambda: Time(None, None, None, zone=Zone(2)),
        lambda: Time.of_seconds(86400),
        lambda: Time.of_seconds(-1),
        lambda: Zone(1, 24),
        lambda: Zone(1, 0, 60),
        lambda: Zone(0, 1),
        lambda: Zone.of_minutes(1440),
        lambda: Zone.of(timezone(timedelta(minutes=19, seconds=32))),
        lambda: Zone.of(ZoneInfo("Europe/Paris")),
        lambda: Zone.parse("+05:30").format("±hh"),
        lambda: Zone.parse("+05:30").format("Z"),
        lambda: Zone.UTC.format("hh"),
        lambda: LOCAL.format("hh:mm:ssZ"),
        lambda: LANDING.format("hh:mm:ss"),
        lambda: LANDING.format("hh:mmZ"),
        lambda: LOCAL.format("ss:mm:hh"),
        lambda: LOCAL.format(truncation=Truncation.CENTURY),
        lambda: LOCAL.format(mark=";"),
        lambda: LOCAL.format(decimals=-1),
        lambda: LOCAL.format(decimals=1001),
        lambda: LOCAL.at(Precision.MINUTE).format(),
        lambda: LOCAL.at(Precision.YEAR),
        lambda: LOCAL.extend(),
        lambda: LOCAL.extend(minute=60),
        lambda: Time(20).extend(minute=7),
        lambda: Time.parse("-07"),
        lambda: Time.parse("-07", Time(20)),
    ],
)
def test_what_no_time_has_is_refused(make) -> None:
    with pytest.raises(DateTimeFault):
        make()


@pytest.mark.spec("ISO-016", "ISO-020", "ISO-027")
@pytest.mark.feature("F-SYNTAX-ISO-06")
@pytest.mark.parametrize(
    ("text", "form", "minutes", "pair", "triple", "canonical"),
    [
        ("Z", "Z", 0, (0, 0), (0, 0, 0), (0, 0, 0)),
        ("+00:00", "±hh:mm", 0, (1, 0), (1, 0, 0), (0, 0, 0)),
        ("-00", "±hh", 0, (-1, 0), (-1, 0, None), (0, 0, 0)),
        ("+05:30", "±hh:mm", 330, (1, 330), (1, 5, 30), (1, 5, 30)),
        ("-0500", "±hhmm", -300, (-1, 300), (-1, 5, 0), (-1, 5, 0)),
        ("+01", "±hh", 60, (1, 60), (1, 1, None), (1, 1, 0)),
    ],
)
def test_a_zone_tells_its_offset_in_every_way(
    text: str, form: str, minutes: int, pair: tuple, triple: tuple, canonical: tuple
) -> None:
    zone, found = Zone.parse_with_format(text)
    assert (found, zone.format(found)) == (form, text)
    assert (zone.minutes, zone.pair, zone.triple, zone.canonical) == (minutes, pair, triple, canonical)
    assert zone == Zone.of_minutes(minutes)
    assert hash(zone) == hash(Zone.of_minutes(minutes))
    assert Zone.of(zone.to_timezone()) == zone
    assert eval(repr(zone)) == zone
    assert pickle.loads(pickle.dumps(zone)).triple == triple


def test_a_zone_is_written_basic_short_or_not_at_all() -> None:
    zone = Zone(1, 5, 0)
    assert (str(zone), zone.format(extended=False), zone.format(precision=Precision.HOUR)) == ("+05:00", "+0500", "+05")
    assert str(Zone(1, 5, None)) == "+05"
    assert str(LOCAL) == "20:17:40"
    assert Time(20, 17, 40, zone=zone).format(zone_precision=Precision.HOUR) == "20:17:40+05"
    assert LOCAL.parts == (20, 17, 40, None, None)
    assert Time(20, zone=Zone(-1, 5)).parts == (20, None, None, -1, 300)


@pytest.mark.spec("ISO-017", "ISO-018", "ISO-019")
@pytest.mark.feature("F-SYNTAX-ISO-07")
def test_only_times_of_one_precision_and_zone_have_an_order() -> None:
    assert Time(0) == Time(24)
    assert len({Time(0, 0, 0), Time(24, 0, 0)}) == 1
    assert (str(Time(24, 0, 0)), str(Time(0, 0, 0))) == ("24:00:00", "00:00:00")
    assert Time(9, 0, 0, zone=Zone.UTC) == Time(9, 0, 0, zone=Zone.parse("-00:00"))
    assert Time(23, 59, 60).total_seconds == Time(23, 59, 59).total_seconds
    assert Time(9, 0, "0.5") > Time(9, 0, 0)
    assert Time(9) < Time(10)
    assert Time(9) <= Time(9)
    assert Time(9) >= Time(9)
    assert Time(9, 0) != Time(9, 0, 0)
    assert Time(9, 0, 0, zone=Zone.UTC) != Time(10, 0, 0, zone=Zone(1, 1))
    assert Time(9) != "09"
    for other in (Time(9, 0, 15), Time(9, 0, zone=Zone.UTC)):
        with pytest.raises(TypeError, match="have no order"):
            Time(9, 0) < other  # noqa: B015
    with pytest.raises(TypeError):
        Time(9) <= 9  # noqa: B015


@pytest.mark.spec("ISO-021")
@pytest.mark.feature("F-SYNTAX-ISO-08")
@pytest.mark.parametrize(
    ("base", "parts", "found", "days"),
    [
        (LANDING, {"minute": 37}, "20:37:40Z", 0),
        (LANDING, {"minute": 7}, "21:07:40Z", 0),
        (LANDING, {"hour": 19, "minute": 7}, "19:07:40Z", 1),
        (LANDING, {"hour": 21}, "21:17:40Z", 0),
        (LANDING, {"second": 15}, "20:18:15Z", 0),
        (LANDING, {"minute": 17, "second": 41}, "20:17:41Z", 0),
        (Time(23, 59, 40), {"second": 10}, "00:00:10", 1),
        (Time(23, 59, 40), {"minute": 10}, "00:10:40", 1),
        (Time(23, 45), {"minute": 30}, "00:30", 1),
        (Time(24), {"hour": 1}, "01", 1),
        (Time(20, 17, "40.5"), {"minute": 7}, "21:07:40.5", 0),
    ],
)
def test_a_time_is_extended_to_the_earliest_from_it_on(base: Time, parts: dict, found: str, days: int) -> None:
    extended, over = base.extend(**parts)
    assert (str(extended), over) == (found, days)


@pytest.mark.spec("ISO-022")
@pytest.mark.feature("F-SYNTAX-ISO-08")
@pytest.mark.parametrize(
    ("base", "steps", "found", "days"),
    [
        (LANDING, {"minutes": 37}, "20:54:40Z", 0),
        (LANDING, {"hours": 4, "minutes": 37}, "00:54:40Z", 1),
        (Time(), {"seconds": 159460}, "20:17:40", 1),
        (Time(), {"seconds": -1}, "23:59:59", -1),
        (Time(), {"hours": "0.1"}, "00:06:00", 0),
        (Time(), {"hours": 1000}, "16:00:00", 41),
        (Time(20), {"hours": "1.5"}, "21.5", 0),
        (Time(20, 17), {"minutes": 43, "hours": 1}, "22:00", 0),
        (Time(24), {"hours": 1}, "01", 1),
        (Time(0, 0, "0.1"), {"seconds": "0.2"}, "00:00:00.3", 0),
    ],
)
def test_a_time_is_offset_exactly_and_counts_days(base: Time, steps: dict, found: str, days: int) -> None:
    moved, over = base.offset(**steps)
    assert (str(moved), over) == (found, days)


@pytest.mark.parametrize(
    "calculate",
    [
        lambda: Time(20).offset(minutes=1),
        lambda: Time(20, 17).offset(seconds=1),
        lambda: LOCAL.shift("Z"),
        lambda: Time(20, zone=Zone.UTC).shift("+05:30"),
        lambda: Time(20).into_struct_time([0] * 9),
    ],
)
def test_what_is_finer_than_the_time_is_refused(calculate) -> None:
    with pytest.raises(UndefinedDateTime):
        calculate()


@pytest.mark.spec("ISO-023")
@pytest.mark.feature("F-SYNTAX-ISO-08")
def test_a_zone_is_replaced_or_the_time_shifted() -> None:
    assert str(LANDING.with_zone(None)) == "20:17:40"
    assert str(LANDING.with_zone("+05:30")) == "20:17:40+05:30"
    shifts = {"-05:00": ("15:17:40-05:00", 0), "+05:30": ("01:47:40+05:30", 1), "Z": ("20:17:40Z", 0)}
    for zone, (found, days) in shifts.items():
        shifted, over = LANDING.shift(zone)
        assert (str(shifted), over) == (found, days)
        assert shifted.shift("Z") == (LANDING, -days)
    early, before = Time(1, zone=Zone.UTC).shift(Zone(-1, 2))
    assert (str(early), before) == ("23-02:00", -1)
    leap, day = Time(23, 59, "60.5", zone=Zone.UTC).shift("+01:00")
    assert (str(leap), day) == ("00:59:60.5+01:00", 1)
    midnight, day = Time(24, 0, 0, zone=Zone.UTC).shift("+01:00")
    assert (str(midnight), day) == ("01:00:00+01:00", 1)


@pytest.mark.spec("ISO-024")
@pytest.mark.feature("F-SYNTAX-ISO-12")
def test_a_time_goes_into_a_time_tuple_and_comes_out() -> None:
    stamp = time.struct_time((1969, 7, 20, 20, 17, 40, 6, 201, 1))
    assert Time.from_struct_time(stamp) == LOCAL
    target = [0] * 9
    LOCAL.into_struct_time(target)
    assert target == [0, 0, 0, 20, 17, 40, 0, 0, -1]
    assert Time.from_struct_time((2016, 12, 31, 23, 59, 61, 5, 366, 0)) == Time(23, 59, 60)


@pytest.mark.spec("ISO-026")
@pytest.mark.feature("F-SYNTAX-ISO-04")
@pytest.mark.parametrize(
    ("value", "choices", "text"),
    [
        (LOCAL, {}, "20:17:40"),
        (LANDING, {"extended": False}, "201740Z"),
        (LOCAL, {"truncation": Truncation.HOUR}, "-17:40"),
        (LOCAL, {"truncation": Truncation.HOUR, "extended": False}, "-1740"),
        (LOCAL, {"truncation": Truncation.MINUTE}, "--40"),
        (Time(20, 17), {"truncation": Truncation.HOUR}, "-17"),
        (LOCAL, {"decimals": 2, "mark": ","}, "20:17:40,00"),
        (Time(20, 17, "40.25"), {}, "20:17:40.25"),
        (Time(20, 17, "40.25"), {"decimals": 1}, "20:17:40.3"),
        (Time(20, 17, "40.25"), {"decimals": 0}, "20:17:40"),
        (Time(20, 17, "59.96"), {"decimals": 1}, "20:17:59.9"),
        (Time(20, 17, "59.6"), {"decimals": 0}, "20:17:59"),
        (Time(20, 59, "60.96"), {"decimals": 1}, "20:59:60.9"),
        (Time("23.99"), {"decimals": 1}, "23.9"),
        (Time(24), {"decimals": 1}, "24.0"),
        (Time(20, Fraction(53, 3)), {"decimals": 3, "mark": ","}, "20:17,667"),
    ],
)
def test_a_time_is_written_as_chosen(value: Time, choices: dict, text: str) -> None:
    assert value.format(**choices) == text


@pytest.mark.spec("ISO-028")
@pytest.mark.feature("F-SYNTAX-ISO-08")
def test_another_precision_keeps_the_fraction_or_drops_it() -> None:
    minute = LOCAL.at(Precision.MINUTE)
    assert minute.hms == (20, Fraction(53, 3), None)
    assert minute.format(decimals=3, mark=",") == "20:17,667"
    assert minute.at(Precision.COMPLETE) == LOCAL
    assert LOCAL.at(Precision.MINUTE, truncate=True).format(decimals=3, mark=",") == "20:17,000"
    assert str(LOCAL.at(Precision.HOUR, truncate=True)) == "20"
    assert str(LOCAL.at(Precision.HOUR)) == "20.294444444"
    assert str(Time("20.5").at(Precision.MINUTE)) == "20:30"
    assert str(Time("20.5").at(Precision.HOUR, truncate=True)) == "20"
    assert str(Time(24).at(Precision.COMPLETE)) == "24:00:00"
    assert LANDING.at(Precision.HOUR).zone == Zone.UTC


@pytest.mark.spec("ISO-007")
@pytest.mark.feature("F-SYNTAX-ISO-07")
@pytest.mark.parametrize(
    "value", [LOCAL, LANDING, Time(20), Time(24, 0), Time(20, Fraction(53, 3), zone=Zone.UTC), Time(23, 59, "60.5")]
)
def test_a_time_does_not_change_and_is_copied_by_its_parts(value: Time) -> None:
    with pytest.raises(AttributeError, match="a Time does not change; use offset"):
        value.hour = 3
    for twin in (copy.deepcopy(value), pickle.loads(pickle.dumps(value)), eval(repr(value))):
        assert (twin, hash(twin), twin.hms, twin.zone) == (value, hash(value), value.hms, value.zone)


@pytest.mark.spec("ISO-036")
@pytest.mark.feature("F-SYNTAX-ISO-11")
def test_the_local_zone_is_that_of_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Paris")
    time.tzset()
    try:
        assert Zone.local(datetime(2024, 7, 1, tzinfo=UTC)).minutes == 120
        assert Zone.local(datetime(2024, 1, 1, tzinfo=UTC)).minutes == 60
        assert Zone.local().minutes in (60, 120)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert Zone.of(ZoneInfo("Europe/Paris"), datetime(2024, 7, 1)).minutes == 120
    assert Date(2024, 7, 1).to_date().isoformat() == "2024-07-01"
