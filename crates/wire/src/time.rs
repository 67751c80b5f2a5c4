//! Times of the API. The pages print three formats for the same members: epoch milliseconds
//! (PAGE 000, 002, 003), ISO text with milliseconds (PAGE 001, 004) and, in their prose, ISO text
//! without (`yyyy-MM-dd'T'HH:mm:ssXXX`). All are read; a number is written as a number, ISO text
//! as ISO text with milliseconds, in UTC.
//!
//! The pages' own samples have clocks that are years apart: times are labels, never an order.

use serde_json::Value;

use crate::WireValue;

/// A time told by the server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(proptest_derive::Arbitrary))]
pub enum ServiceTime {
    /// Milliseconds since 1970, as a number. PAGE 000, 002, 003.
    EpochMillis(i64),
    /// ISO text, milliseconds since 1970 by meaning. PAGE 001, 004. A time outside the years 0 to
    /// 9999, which such text cannot tell, is written as a number.
    #[cfg_attr(
        test,
        proptest(
            strategy = "proptest::strategy::Strategy::prop_map(-2_208_988_800_000_i64..253_402_300_800_000, Self::Iso)"
        )
    )]
    Iso(i64),
}

impl ServiceTime {
    /// Milliseconds since 1970.
    pub fn epoch_millis(&self) -> i64 {
        match self {
            Self::EpochMillis(millis) | Self::Iso(millis) => *millis,
        }
    }
}

impl WireValue for ServiceTime {
    fn read(value: &Value) -> Option<Self> {
        i64::read(value)
            .map(Self::EpochMillis)
            .or_else(|| parse_iso(value.as_str()?).map(Self::Iso))
    }
    fn write(&self) -> Value {
        match self {
            Self::EpochMillis(millis) => Value::from(*millis),
            Self::Iso(millis) => iso(*millis).map_or_else(|| Value::from(*millis), Value::from),
        }
    }
}

/// `clientSendTime`: milliseconds since 1970 (PAGE 000, 002, 003), or nothing, which PAGE 004
/// prints as the four-letter text `"null"`. Written so when there is nothing to tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(test, derive(proptest_derive::Arbitrary))]
pub struct ClientSendTime(pub Option<i64>);

impl WireValue for ClientSendTime {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) if text == "null" => Some(Self(None)),
            other => ServiceTime::read(other).map(|time| Self(Some(time.epoch_millis()))),
        }
    }
    fn write(&self) -> Value {
        self.0.map_or_else(|| Value::from("null"), Value::from)
    }
}

/// `yyyy-MM-dd'T'HH:mm:ss.SSSZ`, as PAGE 001 prints it; `None` outside the years 0 to 9999.
fn iso(epoch_millis: i64) -> Option<String> {
    let (days, millis) = (
        epoch_millis.div_euclid(86_400_000),
        epoch_millis.rem_euclid(86_400_000),
    );
    let (year, month, day) = civil(days);
    let (hour, minute) = (millis / 3_600_000, millis / 60_000 % 60);
    let (second, milli) = (millis / 1_000 % 60, millis % 1_000);
    (0..=9_999).contains(&year).then(|| {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
    })
}

/// Reads `yyyy-MM-ddTHH:mm:ss`, a fraction of any length or none, and `Z` or an offset.
fn parse_iso(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', ' '])?;
    let [year, month, day] = numbers(date, '-')?;
    let zone_at = time.find(['Z', '+', '-'])?;
    let (clock, zone) = time.split_at_checked(zone_at)?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let [hour, minute, second] = numbers(clock, ':')?;
    // Second 60 is a leap second.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = ((real_days(year, month, day)? * 24 + hour) * 60 + minute) * 60 + second;
    Some(seconds * 1_000 + millis(fraction)? - offset_millis(zone)?)
}

fn numbers<const N: usize>(text: &str, separator: char) -> Option<[i64; N]> {
    let parts: Option<Vec<i64>> = text.split(separator).map(digits).collect();
    parts?.try_into().ok()
}

/// A number without a sign.
fn digits(text: &str) -> Option<i64> {
    all_digits(text).then(|| text.parse().ok()).flatten()
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Milliseconds of the digits behind the point.
fn millis(fraction: &str) -> Option<i64> {
    let three: String = fraction.chars().chain("000".chars()).take(3).collect();
    all_digits(fraction).then(|| digits(&three)).flatten()
}

/// `Z`, `+02:00`, `-0330` or `+02` in milliseconds.
fn offset_millis(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let clock: String = zone.chars().skip(1).filter(|c| *c != ':').collect();
    let (hours, minutes) = match clock.len() {
        2 => (digits(&clock)?, 0),
        4 => (digits(clock.get(..2)?)?, digits(clock.get(2..)?)?),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60_000)
}

/// Days since 1970-01-01 of a date that the calendar has: of no month 13 and no 31 February.
fn real_days(year: i64, month: i64, day: i64) -> Option<i64> {
    if year > 9_999 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let days = days(year, month, day);
    (civil(days) == (year, month, day)).then_some(days)
}

/// Days since 1970-01-01 of a date of the Gregorian calendar, by counting years from March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The date of a day counted from 1970-01-01; the inverse of [`days`].
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = (shifted_month + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1)
}
