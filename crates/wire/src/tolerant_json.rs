//! A second, tolerant reading of a JSON object that `serde_json` refuses. It reads everything that `JSON.parse` of
//! JavaScript reads, and what proxies and careless servers add: raw control characters, comments, a byte order mark,
//! any text behind the object, superfluous and missing commas, `NaN` and similar words. `docs/decisions` explains why it
//! is our own code.
//!
//! | in the text | is read as |
//! |---|---|
//! | half of a surrogate pair, such as `\ud800` alone | U+FFFD, as `toWellFormed` of JavaScript does |
//! | a number that is too large, such as `1e400`, or an unknown word | `null` |
//! | an object or a list that is deeper than [`MAX_DEPTH`] | `null` |
//! | an escape that JSON does not have, such as `\'` or `\u` without digits | the character behind the backslash |
//!
//! **One broken element costs only itself.** A list of the answer, such as `systemMessages`, is read element by element.
//! If an element is broken, the reading continues with the next message, and the broken element becomes an object that
//! has only its sequence number, or no member if no number can be found. If the text ends inside such a list, `null`
//! stands at the list's end.
//!
//! **Not every bracket ends the list.** If the quotes of a text are not escaped, `"}]` in it looks like the end of the list.
//! What is behind a bracket decides (`is_end_of_list`): if it is not the rest of an answer, the bracket is a part of a broken
//! element. If no further message is found behind such a bracket, `null` stands at the list's end.

use serde_json::{Map, Value};

/// The deepest level of an object or list that is read. The answer itself has the level 0. The API uses five levels.
/// Deeper objects could exhaust the stack, because other code visits them by recursion.
pub const MAX_DEPTH: usize = 127;

/// What was read of a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The members of the object.
    pub members: Map<String, Value>,
    /// Whether the end of the object was reached. If not, members at its end are missing.
    pub is_whole: bool,
}

/// Reads the object at the beginning of a text. Returns `None` if the text does not begin with an object. Blanks and
/// comments in front of the object are ignored, and so is everything behind it.
pub fn read(text: &str) -> Option<Reading> {
    let mut reader = Reader {
        text,
        position: 0,
        bytes_to_retry: text.len().saturating_mul(16),
    };
    reader.skip_blanks();
    if !reader.skip_if(b'{') {
        return None;
    }
    let mut members = Map::new();
    let is_whole = reader.read_members(&mut members, 0).is_ok();
    Some(Reading { members, is_whole })
}

/// Names of members that each message has, and that the answer itself does not have.
const PARTS_OF_MESSAGE: [&str; 2] = ["messageName", "sequenceNumber"];

/// The lists of an answer whose elements are messages. They contain texts of people.
const LISTS_OF_MESSAGES: [&str; 2] = ["systemMessages", "getResponseTypes"];

/// The error of a value that cannot be read.
struct Broken;

struct Reader<'a> {
    text: &'a str,
    /// The index of the next byte. It is always at the boundary of a character.
    position: usize,
    /// How many bytes may still be read again, in search of the next message and behind brackets that may end a list. The
    /// limit keeps the work in proportion to the length of a hostile text.
    bytes_to_retry: usize,
}

impl Reader<'_> {
    /// Reads the members of an object whose opening brace is already read. If the object is broken, `members` has the
    /// members before the fault. `depth` is the level of the object.
    fn read_members(
        &mut self,
        members: &mut Map<String, Value>,
        depth: usize,
    ) -> Result<(), Broken> {
        loop {
            self.skip_commas();
            if self.skip_if(b'}') {
                return Ok(());
            }
            if self.next_byte() != Some(b'"') {
                return Err(Broken);
            }
            let name = self.read_text()?;
            self.skip_blanks();
            if !self.skip_if(b':') {
                return Err(Broken);
            }
            self.skip_blanks();
            if depth == 0 && self.skip_if(b'[') {
                let mut list = Vec::new();
                let has_messages = LISTS_OF_MESSAGES.contains(&name.as_str());
                let result = self.read_elements_of_answer(&mut list, has_messages);
                members.insert(name, Value::Array(list));
                result?;
            } else {
                let value = self.read_value(depth + 1)?;
                members.insert(name, value);
            }
        }
    }

    /// Reads the elements of a list of the answer whose opening bracket is already read. The error means that the text
    /// ended before the list, or that the end of the list was not found. `has_messages` says whether the elements are
    /// messages.
    fn read_elements_of_answer(
        &mut self,
        list: &mut Vec<Value>,
        has_messages: bool,
    ) -> Result<(), Broken> {
        // The index of the first byte of the latest element.
        let mut start = self.position;
        loop {
            let end_of_latest = self.position;
            self.skip_commas();
            let gap = self.text.get(end_of_latest..self.position);
            let has_comma = gap.is_some_and(|gap| gap.contains(','));
            if self.skip_if(b']') {
                let end = self.position;
                let may_be_text = has_messages && !list.is_empty();
                let is_end = self.is_end_of_list(may_be_text);
                self.position = end;
                if is_end {
                    return Ok(());
                }
                let Some(next_message) = self.find_message(end) else {
                    list.push(Value::Null);
                    return Err(Broken);
                };
                self.position = next_message;
                let broken_text = self.text.get(start..next_message).unwrap_or_default();
                let behind = self.text.get(end..next_message).unwrap_or_default();
                if !has_only_brackets(behind) {
                    // Without a comma, the latest element goes on behind the bracket, so it was not read to its end.
                    if !has_comma {
                        list.pop();
                    }
                    list.push(sequence_number_of(if has_comma {
                        behind
                    } else {
                        broken_text
                    }));
                }
                continue;
            }
            start = self.position;
            if let Ok(element) = self.read_value(2)
                && (element.is_object() || self.is_at_end_of_element())
            {
                list.push(element);
                continue;
            }
            let next_message = self.find_message(start + 1);
            let end = next_message.unwrap_or(self.text.len());
            let broken_text = self.text.get(start..end).unwrap_or_default();
            self.position = end;
            let Some(_) = next_message else {
                // A text may also be cut behind the brace of an inner object. Its list then has no end.
                list.push(if self.is_cut() || !broken_text.contains(']') {
                    Value::Null
                } else {
                    sequence_number_of(broken_text)
                });
                return Err(Broken);
            };
            // Superfluous brackets between two messages cost no message.
            if !has_only_brackets(broken_text) {
                list.push(sequence_number_of(broken_text));
            }
        }
    }

    /// Whether a bracket that has just been read ends a list of the answer: the rest of an answer is behind it, and no part of
    /// a message. `may_be_text` says whether the bracket may stand in the text of a message. Changes the position.
    fn is_end_of_list(&mut self, may_be_text: bool) -> bool {
        let behind = self.rest();
        let bytes_to_retry = self.bytes_to_retry.checked_sub(behind.len());
        let trimmed = behind.trim_start_matches(|letter| letter == ']' || is_blank(letter));
        if (self.is_cut() || !may_be_text)
            && (trimmed.is_empty() || trimmed.starts_with([',', '}']))
        {
            return true;
        }
        self.position = self.text.len() - trimmed.len();
        let Some(bytes_to_retry) = bytes_to_retry else {
            return false;
        };
        self.bytes_to_retry = bytes_to_retry;
        let mut members = Map::new();
        // The level 1 makes lists in the rest usual lists, so that no further bracket is doubted.
        let is_whole = self.read_members(&mut members, 1).is_ok();
        let is_of_message = |name: &str| members.contains_key(name);
        if !is_whole || PARTS_OF_MESSAGE.into_iter().any(is_of_message) {
            return false;
        }
        // A proxy may have added a text behind the object, or may have sent the answer twice.
        let rest = self.rest().trim_matches(is_blank);
        let (before_second_list, _) = rest.split_once("systemMessages").unwrap_or((rest, ""));
        if PARTS_OF_MESSAGE
            .into_iter()
            .any(|name| before_second_list.contains(name))
        {
            return false;
        }
        let has_brackets_only = members.is_empty() && has_only_brackets(rest);
        has_brackets_only || rest.starts_with(['{', '<', '/']) || !rest.ends_with(['}', ']'])
    }

    /// Whether the end of the text is missing. An answer ends with a brace.
    fn is_cut(&self) -> bool {
        !self.text.trim_end_matches(is_blank).ends_with('}')
    }

    /// Whether what was read is followed by the next element or the list's end. If not, it is a part of a broken element.
    fn is_at_end_of_element(&mut self) -> bool {
        self.skip_blanks();
        matches!(self.next_byte(), Some(b',' | b']' | b'{') | None)
    }

    /// The index of the first object at or behind `start` that can be read and has a message's name. `None` if there is none,
    /// or if the search has become too long. Changes the position.
    fn find_message(&mut self, start: usize) -> Option<usize> {
        let mut candidate = start;
        loop {
            candidate += self
                .text
                .as_bytes()
                .get(candidate..)?
                .iter()
                .position(|byte| *byte == b'{')?;
            self.position = candidate;
            let object = self.read_value(2);
            self.bytes_to_retry = self.bytes_to_retry.checked_sub(self.position - candidate)?;
            if object.is_ok_and(|object| object.get("messageName").is_some_and(Value::is_string)) {
                return Some(candidate);
            }
            candidate += 1;
        }
    }

    /// Reads a value. `depth` is the level of the value, if it is an object or a list.
    fn read_value(&mut self, depth: usize) -> Result<Value, Broken> {
        match self.next_byte() {
            Some(b'"') => self.read_text().map(Value::String),
            Some(b'{' | b'[') if depth > MAX_DEPTH => self.skip_deep_value(),
            Some(b'{') => {
                self.position += 1;
                let mut members = Map::new();
                self.read_members(&mut members, depth)?;
                Ok(Value::Object(members))
            }
            Some(b'[') => {
                self.position += 1;
                let mut elements = Vec::new();
                loop {
                    self.skip_commas();
                    if self.skip_if(b']') {
                        return Ok(Value::Array(elements));
                    }
                    elements.push(self.read_value(depth + 1)?);
                }
            }
            _ => self.read_word(),
        }
    }

    /// Skips an object or a list without recursion. The result is `null`.
    fn skip_deep_value(&mut self) -> Result<Value, Broken> {
        let mut open_brackets = 0_usize;
        loop {
            match self.next_byte().ok_or(Broken)? {
                b'"' => {
                    self.read_text()?;
                    continue;
                }
                b'{' | b'[' => open_brackets += 1,
                b'}' | b']' => open_brackets -= 1,
                _ => {}
            }
            self.position += 1;
            if open_brackets == 0 {
                return Ok(Value::Null);
            }
        }
    }

    /// Reads a number, `true`, `false`, `null` or an unknown word.
    fn read_word(&mut self) -> Result<Value, Broken> {
        let is_of_word =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_');
        let rest = self.rest();
        let length = rest.bytes().take_while(|byte| is_of_word(byte)).count();
        let word = rest
            .get(..length)
            .filter(|word| !word.is_empty())
            .ok_or(Broken)?;
        let value = serde_json::from_str(word).unwrap_or(Value::Null);
        self.position += length;
        Ok(value)
    }

    /// Reads a text in quotes. The next byte is the opening quote.
    fn read_text(&mut self) -> Result<String, Broken> {
        self.position += 1;
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let length = rest.find(['"', '\\']).ok_or(Broken)?;
            text.push_str(rest.get(..length).unwrap_or_default());
            self.position += length;
            if self.skip_if(b'"') {
                return Ok(text);
            }
            // The backslash.
            self.position += 1;
            text.push(self.read_escape()?);
        }
    }

    /// Reads what follows the backslash of an escape.
    fn read_escape(&mut self) -> Result<char, Broken> {
        let letter = self.rest().chars().next().ok_or(Broken)?;
        self.position += letter.len_utf8();
        Ok(match letter {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.read_utf16(),
            // A quote, a slash, a backslash, or an escape that JSON does not have.
            other => other,
        })
    }

    /// Reads the hexadecimal digits of one escape `\uXXXX`, and the second escape of a surrogate pair. Without digits, the
    /// escape is one that JSON does not have.
    fn read_utf16(&mut self) -> char {
        let Some(unit) = hex_number(self.rest()) else {
            return 'u';
        };
        self.position += 4;
        let low = self.rest().strip_prefix("\\u").and_then(hex_number);
        if let (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) = (unit, low) {
            self.position += 6;
            let character = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            return char::from_u32(character).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
        char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    fn skip_commas(&mut self) {
        self.skip_blanks();
        while self.skip_if(b',') {
            self.skip_blanks();
        }
    }

    /// Skips white space, control characters, byte order marks and comments. A comment without an end ends with the text.
    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches(is_blank);
            let comment_length = if trimmed.starts_with("//") {
                trimmed.find(['\n', '\r']).unwrap_or(trimmed.len())
            } else if trimmed.starts_with("/*") {
                trimmed.find("*/").map_or(trimmed.len(), |end| end + 2)
            } else {
                0
            };
            self.position += rest.len() - trimmed.len() + comment_length;
            if comment_length == 0 {
                return;
            }
        }
    }

    /// Skips the next byte if it is this one. Returns whether it is.
    fn skip_if(&mut self, byte: u8) -> bool {
        let is_next = self.next_byte() == Some(byte);
        self.position += usize::from(is_next);
        is_next
    }

    fn next_byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.position..).unwrap_or_default()
    }
}

/// Whether a character between two values has no meaning.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control() || letter == '\u{feff}'
}

/// Whether a text consists of closing brackets and commas.
fn has_only_brackets(text: &str) -> bool {
    text.chars()
        .all(|letter| matches!(letter, '}' | ']' | '[' | ',') || is_blank(letter))
}

/// The number that the first four characters write in hexadecimal digits.
fn hex_number(text: &str) -> Option<u32> {
    let digits = text.get(..4)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| is_number)
}

/// What is read of a broken message: an object that has only its sequence number, or no member if no number can be
/// found. Digits at the end of the text do not count, because the number may be cut.
fn sequence_number_of(broken_text: &str) -> Value {
    let number = || {
        let (_, behind_name) = broken_text.split_once("\"sequenceNumber\"")?;
        let digits = behind_name.trim_start_matches(|letter| letter == ':' || is_blank(letter));
        let length = digits.find(|letter: char| !letter.is_ascii_digit())?;
        digits.get(..length)?.parse::<i64>().ok()
    };
    let members = number().map(|number| ("sequenceNumber".to_owned(), Value::from(number)));
    Value::Object(members.into_iter().collect())
}
