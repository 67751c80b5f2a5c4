//! Reads and writes the times of the chat API. Oracle's API reference has three formats for the same members:
//! milliseconds since 1970, ISO text with milliseconds and, in its prose, ISO text without milliseconds
//! (`yyyy-MM-dd'T'HH:mm:ssXXX`). All three are read. A number is written as a number, and ISO text is written as ISO
//! text with milliseconds, in UTC.
//!
//! Do not sort messages by these times: in the samples of the reference, the times within one response are years
//! apart. Sequence numbers give the order.
//!
//! PAGE nnn: documented on that page of Oracle's API reference.

use serde_json::Value;

use crate::WireValue;

/// A time that the server reports.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(proptest_derive::Arbitrary))]
pub enum ServiceTime {
    /// Milliseconds since 1970, as a number (PAGE 000, 002, 003). A text of digits is read too, and is written as a
    /// number.
    EpochMillis(i64),
    /// ISO text, converted to milliseconds since 1970. ISO text has four digits for the year, so a time outside the
    /// years 0 to 9999 is written as a number. (PAGE 001, 004.)
    // Tests use times from the beginning of 1900 to the end of 9999.
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
            Self::Iso(millis) => {
                format_iso(*millis).map_or_else(|| Value::from(*millis), Value::from)
            }
        }
    }
}

/// The member `clientSendTime` of a response, in milliseconds since 1970 (PAGE 000, 002, 003): the time at which the
/// client sent the request. (PAGE 003 says that the server received it then.) `None` means that the time is not known:
/// PAGE 004 prints the four-letter text `"null"` for that, and `None` is written as this text.
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

/// Formats a time as `yyyy-MM-dd'T'HH:mm:ss.SSSZ`, the format of PAGE 001. Returns `None` for a time outside the years
/// 0 to 9999.
fn format_iso(epoch_millis: i64) -> Option<String> {
    let days = epoch_millis.div_euclid(86_400_000);
    let millis_of_day = epoch_millis.rem_euclid(86_400_000);
    let (year, month, day) = date_of_day(days);
    let (hour, minute) = (millis_of_day / 3_600_000, millis_of_day / 60_000 % 60);
    let (second, milli) = (millis_of_day / 1_000 % 60, millis_of_day % 1_000);
    (0..=9_999).contains(&year).then(|| {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
    })
}

/// Parses `yyyy-MM-ddTHH:mm:ss` (or a space instead of the `T`), an optional fraction of any length, and `Z` or an
/// offset, into milliseconds since 1970. Returns `None` if the text has another form, or if the date, the time of day
/// or the offset does not exist.
fn parse_iso(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', ' '])?;
    let [year, month, day] = parse_numbers(date, '-', 4)?;
    let zone_at = time.find(['Z', '+', '-'])?;
    let (local_time, zone) = time.split_at_checked(zone_at)?;
    let (clock, fraction) = local_time.split_once('.').unwrap_or((local_time, ""));
    let [hour, minute, second] = parse_numbers(clock, ':', 2)?;
    // The second 60 is a leap second.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = ((day_of_valid_date(year, month, day)? * 24 + hour) * 60 + minute) * 60 + second;
    Some(seconds * 1_000 + parse_fraction(fraction)? - parse_offset(zone)?)
}

/// Parses three numbers between separators. The first number has `first_length` digits, the others have two. Returns
/// `None` if the text has another form.
fn parse_numbers(text: &str, separator: char, first_length: usize) -> Option<[i64; 3]> {
    let (first, rest) = text.split_at_checked(first_length)?;
    let (second, third) = rest.strip_prefix(separator)?.split_once(separator)?;
    let numbers = [
        parse_digits(first)?,
        parse_digits(second)?,
        parse_digits(third)?,
    ];
    (second.len() == 2 && third.len() == 2).then_some(numbers)
}

/// Parses a number that has no sign. Returns `None` if the text is empty or has other characters, or if the number is
/// too large for an `i64`.
fn parse_digits(text: &str) -> Option<i64> {
    is_all_digits(text).then(|| text.parse().ok()).flatten()
}

/// Whether the text has no character except digits. This is also true of an empty text, such as the fraction of a time
/// without a fraction.
fn is_all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Parses the digits after the decimal point into milliseconds. The fourth digit and later ones are ignored.
fn parse_fraction(fraction: &str) -> Option<i64> {
    let first_three: String = fraction.chars().chain("000".chars()).take(3).collect();
    is_all_digits(fraction)
        .then(|| parse_digits(&first_three))
        .flatten()
}

/// Parses an offset from UTC (`Z`, `+02:00`, `-0330` or `+02`) into milliseconds.
fn parse_offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, clock) = match zone.split_at_checked(1)? {
        ("+", clock) => (1, clock),
        ("-", clock) => (-1, clock),
        _ => return None,
    };
    let (hours, minutes) = match clock.len() {
        2 => (clock, "00"),
        4 => clock.split_at_checked(2)?,
        5 => clock
            .split_once(':')
            .filter(|(hours, _)| hours.len() == 2)?,
        _ => return None,
    };
    let (hours, minutes) = (parse_digits(hours)?, parse_digits(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60_000)
}

/// The days from 1970-01-01 to a date. Returns `None` for a date that does not exist, such as 31 February.
fn day_of_valid_date(year: i64, month: i64, day: i64) -> Option<i64> {
    if year > 9_999 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let day_number = day_of_date(year, month, day);
    (date_of_day(day_number) == (year, month, day)).then_some(day_number)
}

/// The days from 1970-01-01 to a date of the Gregorian calendar. Years are counted from March, so that a leap day is
/// the last day of its year. An era is 400 years (146,097 days), after which the calendar repeats. The month *m*,
/// counted from 0 for March, begins on the day `(153 * m + 2) / 5` of its year. There are 719,468 days from 0000-03-01
/// to 1970-01-01.
fn day_of_date(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The year, month and day of a day that is counted from 1970-01-01. This is the inverse of [`day_of_date`].
fn date_of_day(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    // If every year had 365 days, a division would give the year. So about one day in four years is subtracted, for the
    // first time on day 1,460, which is the last of the first four years. (Days are counted from 0.) A century ends
    // without a leap day, so one day is added again from day 36,524 on, the first day of the second century. The era,
    // 400 years, ends with a leap day, so this last day, 146,096, is subtracted too.
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // The month, counted from 0 for March.
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = (shifted_month + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1)
}
