//! Compares two names as a person sees them: without regard to case, width, accents and punctuation, and with letters
//! of other alphabets that look like Latin ones. The tables have the usual look-alikes, not all of Unicode's.

use crate::character::{is_invisible, may_be_letter};
use crate::mark::is_mark;

/// Whether two names look alike, such as `You` and `Yоս` (the last two letters are Cyrillic and Armenian). False if one
/// of them has neither a letter nor a digit.
pub fn looks_like(name: &str, other: &str) -> bool {
    let skeleton = skeleton(name);
    !skeleton.is_empty() && skeleton == self::skeleton(other)
}

/// The letters and digits of a text in a form in which look-alikes are equal.
fn skeleton(text: &str) -> String {
    let is_drawn = |character: &char| !is_mark(*character) && !is_invisible(*character);
    let folded: String = text
        .chars()
        .filter(is_drawn)
        .map(|character| look_alike(small_letter(plain_form(character))))
        .filter(|character| may_be_letter(*character))
        .collect();
    folded.replace("rn", "m").replace("vv", "w")
}

/// The ASCII character of which a character is a wide, mathematical, circled or squared form, or for which a Greek
/// capital can be taken whose small letter looks like another one. Otherwise the character itself.
fn plain_form(character: char) -> char {
    let code = u32::from(character);
    let (offset, first) = match code {
        0xFF01..=0xFF5E => (code - 0xFF01, '!'),
        // Alphabets of 26 capitals and 26 small letters, one after the other.
        0x1D400..=0x1D6A3 => return letter((code - 0x1D400) % 52),
        0x1D7CE..=0x1D7FF => ((code - 0x1D7CE) % 10, '0'),
        0x24B6..=0x24E9 => return letter(code - 0x24B6),
        0x249C..=0x24B5 => (code - 0x249C, 'a'),
        0x1F110..=0x1F129 => (code - 0x1F110, 'A'),
        0x1F130..=0x1F149 => (code - 0x1F130, 'A'),
        0x1F150..=0x1F169 => (code - 0x1F150, 'A'),
        0x1F170..=0x1F189 => (code - 0x1F170, 'A'),
        0x1F1E6..=0x1F1FF => (code - 0x1F1E6, 'A'),
        0x397 => (0, 'H'),
        0x39D => (0, 'N'),
        0x3A5 => (0, 'Y'),
        _ => return character,
    };
    char::from_u32(u32::from(first) + offset).unwrap_or(character)
}

/// The small letter of a capital in the Latin, Greek, Cyrillic or Armenian alphabet. Otherwise the character itself. The
/// standard library knows more alphabets, but its table would make the widget several kilobytes larger.
fn small_letter(character: char) -> char {
    let code = u32::from(character);
    let small = match code {
        0x41..=0x5A | 0xC0..=0xD6 | 0xD8..=0xDE | 0x391..=0x3A9 | 0x410..=0x42F => code + 32,
        0x400..=0x40F => code + 80,
        0x531..=0x556 => code + 48,
        0x178 => 0xFF,
        // Capitals have odd numbers here.
        0x139..=0x148 | 0x179..=0x17E => code + code % 2,
        // Capitals have even numbers.
        0x100..=0x137 | 0x14A..=0x177 | 0x1E00..=0x1EFF | 0x460..=0x52F => code | 1,
        _ => code,
    };
    char::from_u32(small).unwrap_or(character)
}

/// The Latin letter with this index in an alphabet of capitals, followed by small letters.
fn letter(index: u32) -> char {
    let code = match index {
        0..26 => u32::from('A') + index,
        _ => u32::from('a') + index - 26,
    };
    char::from_u32(code).unwrap_or_default()
}

/// The character for which a small letter or a digit can be taken. Otherwise the character itself.
fn look_alike(character: char) -> char {
    let has_character = |look_alikes: &&(char, &str)| look_alikes.1.contains(character);
    LOOK_ALIKES
        .iter()
        .find(has_character)
        .map_or(character, |(latin, _)| *latin)
}

/// Latin letters, each with the characters that can be taken for it: accented letters, small capitals, raised letters,
/// and Cyrillic, Greek and Armenian letters. `i`, `l` and `1` are one letter, because the capital `I` looks like both.
const LOOK_ALIKES: [(char, &str); 26] = [
    ('a', "àáâãäåāăąǎạảấầẩẫậắằẳẵặаαᴀᵃɑ"),
    ('b', "вьЬƅʙᵇƀ"),
    ('c', "çćĉċčсϲᴄᶜ¢"),
    ('d', "ďđԁᴅᵈ"),
    ('e', "èéêëēĕėęěẹẻẽếềểễệеєεᴇᵉ"),
    ('f', "ƒꜰᶠ"),
    ('g', "ĝğġģɡᵍ"),
    ('h', "ĥħһнհʜʰ"),
    ('j', "ĵјϳᴊʲ"),
    ('k', "ķкκᴋᵏ"),
    ('l', "iìíîïĩīĭįıịỉіїιɪⁱĺļľŀłӏʟˡ1|"),
    ('m', "мᴍᵐ"),
    ('n', "ñńņňŉηոпɴⁿ"),
    ('o', "0òóôõöøōŏőơọỏốồổỗộớờởỡợоοօσᴏᵒº"),
    ('p', "рρᴘᵖ"),
    ('q', "ԛգ"),
    ('r', "ŕŗřгʀʳ"),
    ('s', "śŝşšșѕꜱˢ"),
    ('t', "ţťŧțтτᴛᵗ"),
    ('u', "ùúûüũūŭůűųưụủứừửữựυսцᴜᵘ"),
    ('v', "ѵνᴠᵛ"),
    ('w', "ŵԝωшᴡʷ"),
    ('x', "хχˣ"),
    ('y', "ýÿŷуүγʏʸ"),
    ('z', "źżžᴢᶻ"),
    ('æ', "ӕ"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_person_could_confuse_look_alike() {
        for (name, other) in [
            ("You", "You"),
            ("YOU", "You"),
            ("  you: ", "You"),
            ("Y\u{200b}ou", "You"),
            ("Y.o.u", "You"),
            ("Ｙｏｕ", "You"),
            ("𝐘𝐨𝐮", "You"),
            ("𝒴ℴ𝓊", "𝒴ℴ𝓊"),
            ("Ⓨⓞⓤ", "You"),
            ("🅈🄾🅄", "You"),
            ("Yоu", "You"),
            ("Υου", "You"),
            ("Y0u", "You"),
            ("Yöu\u{301}", "You"),
            ("ʏᴏᴜ", "You"),
            ("FernhiIl Support", "Fernhill support"),
            ("Femhill", "Fernhill"),
            ("Вы", "вы"),
            ("ŁÓDŹ", "łódź"),
            ("ŻÓŁĆ ŠKODA ŸLI", "żółć škoda ýli"),
            ("ԴՈՒ", "դու"),
            // Turkish has a dotted and a dotless i. A capital of one is easily taken for a capital of the other.
            ("SİZ", "Siz"),
            ("SIZ", "Siz"),
            ("sız", "Siz"),
            ("DESTEK", "Destek"),
            ("ΑΒΓ", "αβγ"),
            ("אתה", "א ת ה"),
            ("あなた", "あなた！"),
            ("أنت", "أ\u{64e}نت"),
        ] {
            assert!(looks_like(name, other), "{name} {other}");
            assert!(looks_like(other, name), "{other} {name}");
        }
    }

    #[test]
    fn other_names_do_not() {
        for (name, other) in [
            ("Youri", "You"),
            ("Yu", "You"),
            ("Ana", "You"),
            ("", ""),
            ("…", "!"),
            ("\u{200b}", " "),
            ("山田", "山本"),
        ] {
            assert!(!looks_like(name, other), "{name} {other}");
        }
    }
}
