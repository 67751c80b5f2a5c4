//! The opening hours of queues. A queue that is closed takes no new engagements (chats); those that have begun go on.

/// Minutes of a day.
const DAY_MINUTES: i64 = 24 * 60;

/// The names of the days, in the order of the week.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A part of the week, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OpeningHours {
    /// Indexes into `DAYS`. The second one is included. It is below the first one if the days go over the end of the week.
    days: (usize, usize),
    /// Minutes of the day. The second one is not included.
    minutes: (i64, i64),
}

/// Whether a queue with these opening hours is open at a time, in ms since 1970. A queue without opening hours is always
/// open. A text that cannot be read opens nothing.
pub(crate) fn is_open(opening_hours: &[String], now: i64) -> bool {
    let minute = now.div_euclid(60_000);
    // 1970-01-01 was a Thursday.
    let day = usize::try_from((minute.div_euclid(DAY_MINUTES) + 3).rem_euclid(7)).unwrap_or(0);
    let minute = minute.rem_euclid(DAY_MINUTES);
    opening_hours.is_empty()
        || opening_hours
            .iter()
            .filter_map(|text| parse(text))
            .any(|hours| {
                let (first, last) = hours.days;
                let is_day = if first <= last {
                    (first..=last).contains(&day)
                } else {
                    day >= first || day <= last
                };
                is_day && (hours.minutes.0..hours.minutes.1).contains(&minute)
            })
}

/// Checks that a text can be read as opening hours.
///
/// # Errors
/// A sentence that says what is allowed.
pub(crate) fn check(text: &str) -> Result<(), String> {
    match parse(text) {
        Some(_) => Ok(()),
        None => Err(format!(
            "opening_hours must be texts such as \"Mon-Fri 09:00-17:00\" or \"Sat 10:00-24:00\", in UTC, \
             but one is {text:?}."
        )),
    }
}

/// Reads a text such as `Mon-Fri 09:00-17:00`. `None` if it has another form, or ends before it begins.
fn parse(text: &str) -> Option<OpeningHours> {
    let (days, times) = text.split_once(' ')?;
    let (first, last) = days.split_once('-').unwrap_or((days, days));
    let day = |name: &str| DAYS.iter().position(|day| *day == name);
    let (from, to) = times.split_once('-')?;
    let minutes = (minute_of_day(from)?, minute_of_day(to)?);
    (minutes.0 < minutes.1).then_some(OpeningHours {
        days: (day(first)?, day(last)?),
        minutes,
    })
}

/// Reads a time such as `09:00`. `24:00` is the end of the day.
fn minute_of_day(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let is_digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(hours) || !is_digits(minutes) {
        return None;
    }
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let minute = hours * 60 + minutes;
    (minutes < 60 && minute <= DAY_MINUTES).then_some(minute)
}

#[cfg(test)]
mod tests {
    use super::{check, is_open};

    /// Monday, 2023-11-13, 00:00 UTC.
    const MONDAY: i64 = 1_699_833_600_000;
    const HOUR: i64 = 3_600_000;

    #[test]
    fn hours_are_open_from_their_first_minute_to_before_their_last() {
        let week = vec!["Mon-Fri 09:00-17:00".to_owned()];
        let weekend = vec!["Sat-Mon 00:00-24:00".to_owned()];
        for (hours, at, expected) in [
            (&week, 9 * HOUR - 1, false),
            (&week, 9 * HOUR, true),
            (&week, 17 * HOUR - 1, true),
            (&week, 17 * HOUR, false),
            (&week, 4 * 24 * HOUR + 12 * HOUR, true),
            (&week, 5 * 24 * HOUR + 12 * HOUR, false),
            (&weekend, 0, true),
            (&weekend, 24 * HOUR, false),
            (&weekend, 6 * 24 * HOUR, true),
        ] {
            assert_eq!(is_open(hours, MONDAY + at), expected, "{hours:?} at {at}");
        }
        assert!(is_open(&[], MONDAY));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "Mon",
            "Mon 9:00-17:00",
            "Mon 09:00-09:00",
            "Mon 09:00-24:01",
            "Mo 09:00-10:00",
            "Mon 09:60-10:00",
            "Mon +9:00-10:00",
        ] {
            assert!(
                check(text).unwrap_err().contains("Mon-Fri 09:00-17:00"),
                "{text}"
            );
        }
    }
}
