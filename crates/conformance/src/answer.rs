//! [`Answer`]: an answer of the server, and the checks of its parts. Each check returns what was seen, as `Ok` if it is
//! right and as `Err` if it is not. No check shows a session id or a token: of a text that may be one, only the length.

use serde_json::Value;

/// What a check has seen.
pub(crate) type Seen = Result<String, String>;

/// An answer of the server. If none arrived, the status is 0 and the text says why.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) json: Value,
    /// The time from the request to the answer, in ms.
    pub(crate) elapsed_ms: u128,
}

/// The form of a value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// A whole number of 64 bits.
    Int64,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 32 bits, or a text with its digits.
    Int32OrDigits,
    /// A text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A text such as `2018-10-16T12:28:46.544Z`.
    IsoTime,
    /// `null`, or no member at all.
    Null,
    /// A list.
    List,
    /// An object.
    Object,
    /// A text, a number, or `null`: the member must be there.
    Anything,
    /// One of these texts.
    OneOf(&'static [&'static str]),
}

impl Form {
    fn allows(self, value: &Value) -> bool {
        match self {
            Self::Int64 => value.is_i64(),
            Self::Int32 => value.as_i64().is_some_and(|it| i32::try_from(it).is_ok()),
            Self::Int32OrDigits => {
                Self::Int32.allows(value)
                    || value.as_str().is_some_and(|it| it.parse::<i32>().is_ok())
            }
            Self::Text => value.is_string(),
            Self::Flag => value.is_boolean(),
            Self::IsoTime => value.as_str().is_some_and(is_iso_time),
            Self::Null => value.is_null(),
            Self::List => value.is_array(),
            Self::Object => value.is_object(),
            Self::Anything => true,
            Self::OneOf(texts) => value.as_str().is_some_and(|it| texts.contains(&it)),
        }
    }
}

/// Whether a text looks like `2018-10-16T12:28:46.544Z`, with or without milliseconds, and with any offset.
fn is_iso_time(text: &str) -> bool {
    let pattern = "0000-00-00T00:00:00";
    let matches_pattern = text.len() > pattern.len()
        && pattern
            .chars()
            .zip(text.chars())
            .all(|(wanted, found)| match wanted {
                '0' => found.is_ascii_digit(),
                other => found == other,
            });
    let rest = text.get(pattern.len()..).unwrap_or_default();
    let offset = rest.trim_start_matches(|letter: char| letter == '.' || letter.is_ascii_digit());
    matches_pattern && (offset == "Z" || offset.starts_with(['+', '-']))
}

impl Answer {
    /// Whether the status is 200.
    pub(crate) fn succeeds(&self) -> Seen {
        self.has_status(200)
    }

    /// Whether the answer has this status.
    pub(crate) fn has_status(&self, status: u16) -> Seen {
        let seen = self.summary();
        if self.status == status {
            Ok(seen)
        } else {
            Err(seen)
        }
    }

    /// Whether the answer is a refusal with this status and this exception code, wherever the code is.
    pub(crate) fn refuses(&self, status: u16, code: &str) -> Seen {
        let seen = self.summary();
        if self.status == status && self.code() == Some(code) {
            Ok(seen)
        } else {
            Err(seen)
        }
    }

    /// The exception code of a refusal. The pages do not say where it is, so all known places are looked at.
    pub(crate) fn code(&self) -> Option<&str> {
        let system_error = &self.json["chatSystemError"];
        [
            &system_error["errorCondition"],
            &system_error["type"],
            &self.json["exceptionCode"],
            &self.json["errorCondition"],
        ]
        .into_iter()
        .find_map(Value::as_str)
    }

    /// The status, and the code if there is one.
    fn summary(&self) -> String {
        match (self.status, self.code()) {
            (0, _) => "no answer".to_owned(),
            (status, Some(code)) => format!("{status} {code}"),
            (status, None) => status.to_string(),
        }
    }

    /// Whether the media type is JSON in UTF-8.
    pub(crate) fn is_json_utf8(&self) -> Seen {
        let lower: String = self.content_type.to_lowercase().replace(' ', "");
        let is_right = lower == "application/json;charset=utf-8";
        let seen = format!("{:?}", self.content_type);
        if is_right { Ok(seen) } else { Err(seen) }
    }

    /// Whether the member at a path such as `chatPostResult.clientReset` has this form.
    pub(crate) fn member(&self, path: &str, form: Form) -> Seen {
        member_of(&self.json, path, form)
    }

    /// Whether several members have this form.
    pub(crate) fn members(&self, paths: &[&str], form: Form) -> Seen {
        all(paths.iter().map(|path| self.member(path, form)))
    }

    /// Whether the number and its text are both there and equal.
    pub(crate) fn twin(&self, name: &str) -> Seen {
        twin_of(&self.json, name)
    }

    /// Whether the number and its text have this value.
    pub(crate) fn twin_is(&self, name: &str, value: i64) -> Seen {
        let seen = self.twin(name)?;
        let number = self.json.pointer(&pointer(name)).and_then(Value::as_i64);
        if number == Some(value) {
            Ok(seen)
        } else {
            Err(seen)
        }
    }

    /// A member as a text, or an empty text.
    pub(crate) fn text(&self, path: &str) -> String {
        let value = self.json.pointer(&pointer(path));
        value.and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}

/// Whether all checks have passed. The result shows the first failure; if there is none, it shows everything that was seen.
pub(crate) fn all(checks: impl IntoIterator<Item = Seen>) -> Seen {
    let seen: Vec<String> = checks.into_iter().collect::<Result<_, _>>()?;
    Ok(seen.join(", "))
}

/// Whether the member of a value at this path has this form.
pub(crate) fn member_of(value: &Value, path: &str, form: Form) -> Seen {
    let found = value.pointer(&pointer(path));
    let seen = format!(
        "{path}: {}",
        found.map_or_else(|| "absent".to_owned(), |it| shown(path, it))
    );
    match found {
        None if matches!(form, Form::Null) => Ok(seen),
        Some(found) if form.allows(found) => Ok(seen),
        _ => Err(seen),
    }
}

/// Whether a value has the number `name` and the text `nameString`, and both are equal.
pub(crate) fn twin_of(value: &Value, name: &str) -> Seen {
    let number = value.pointer(&pointer(name)).unwrap_or(&Value::Null);
    let text_name = format!("{name}String");
    let text = value.pointer(&pointer(&text_name)).unwrap_or(&Value::Null);
    let seen = format!("{name}: {number} and {text}");
    if number.is_i64() && text.as_str() == Some(number.to_string().as_str()) {
        Ok(seen)
    } else {
        Err(seen)
    }
}

fn pointer(path: &str) -> String {
    format!("/{}", path.replace('.', "/"))
}

/// A value as it is shown in the table: without secrets, and not longer than a line.
fn shown(path: &str, value: &Value) -> String {
    let may_be_secret = ["session", "token", "Token", "Auth", "sessionServerResponse"];
    match value {
        Value::String(text) if may_be_secret.iter().any(|part| path.contains(part)) => {
            format!("a text of {} characters", text.chars().count())
        }
        Value::Array(list) => format!("a list of {}", list.len()),
        Value::Object(members) => format!("an object of {}", members.len()),
        other => {
            let json = other.to_string();
            match json.char_indices().nth(40) {
                Some((end, _)) => format!("{}…", json.get(..end).unwrap_or_default()),
                None => json,
            }
        }
    }
}
