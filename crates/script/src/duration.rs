//! Durations as scripts have them: `"500ms"`, `"35s"`, `"2min"` or `"1h"`.

/// The longest duration that a script can have, in ms: one day.
const MAX_MS: u64 = 86_400_000;

/// Reads a duration, in ms.
///
/// # Errors
/// A sentence without a full stop that says what is allowed.
pub(crate) fn read_duration(text: &str) -> Result<u64, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit_ms = match unit {
        "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        _ => 0,
    };
    let number: Option<u64> = number.parse().ok();
    number
        .and_then(|number| number.checked_mul(unit_ms))
        .filter(|ms| unit_ms > 0 && *ms <= MAX_MS)
        .ok_or_else(|| {
            format!(
                "{text:?} is no duration of at most a day; write a text such as \"500ms\", \"35s\", \
                 \"2min\" or \"1h\""
            )
        })
}
