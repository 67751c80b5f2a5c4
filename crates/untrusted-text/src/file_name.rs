//! Cleans the name of a file, so that its end (which says what kind of file it is) is shown where it is.

use crate::name::clean_line;

/// The maximum number of characters of a file name. A longer name is cut in its middle.
pub const MAX_FILE_NAME_CHARS: usize = 80;

/// The number of characters that are kept after the cut of a long file name.
const END_CHARS: usize = 30;

/// The number of characters of a file name that are read from each end.
const MAX_READ: usize = 1_000;

/// A file name without bidi controls and other invisible characters, with one space for each run of blank characters,
/// and with at most [`MAX_FILE_NAME_CHARS`] characters. A longer name has `…` in its middle, so that its end is shown.
/// Empty if the name has no visible character.
pub fn clean_file_name(name: &str) -> String {
    let is_read_whole = name.char_indices().nth(2 * MAX_READ).is_none();
    let line: Vec<char> = if is_read_whole {
        clean_line(name, 2 * MAX_READ).collect()
    } else {
        let end_start = name.char_indices().nth_back(MAX_READ - 1);
        let end = end_start.and_then(|(start, _)| name.get(start..));
        let start = clean_line(name, MAX_READ);
        let end = clean_line(end.unwrap_or_default(), MAX_READ);
        start.chain(['…']).chain(end).collect()
    };
    if line.len() <= MAX_FILE_NAME_CHARS {
        return line.into_iter().collect();
    }
    let start_chars = MAX_FILE_NAME_CHARS - END_CHARS - 1;
    let start = line.iter().take(start_chars);
    let end = line.iter().skip(line.len() - END_CHARS);
    start.chain([&'…']).chain(end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_file_names_do_not_change() {
        for name in [
            "invoice.pdf",
            "Rechnung März (2).xlsx",
            "חשבונית.pdf",
            "写真.jpeg",
        ] {
            assert_eq!(clean_file_name(name), name);
        }
    }

    #[test]
    fn the_true_end_of_a_file_name_is_shown() {
        for (name, clean) in [
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("a\u{2066}b\u{2069}.exe", "ab.exe"),
            ("in\u{200b}voice.pdf\u{2060}.exe", "invoice.pdf.exe"),
            ("invoice.pdf\n\r\t .exe", "invoice.pdf .exe"),
            (
                "\u{3164}\u{a0}invoice.pdf\u{2800}\u{2800}.exe ",
                "invoice.pdf .exe",
            ),
            ("\u{202e}\u{200b}", ""),
        ] {
            assert_eq!(clean_file_name(name), clean);
        }
        let blanks = "invoice.pdf".to_owned() + &" ".repeat(1_000_000) + ".exe";
        assert_eq!(clean_file_name(&blanks), "invoice.pdf….exe");
    }

    #[test]
    fn a_long_file_name_is_cut_in_its_middle() {
        for length in [81, 1_000, 3_000, 1_000_000] {
            let name = clean_file_name(&("a".repeat(length) + ".pdf.exe"));
            assert_eq!(name.chars().count(), MAX_FILE_NAME_CHARS);
            assert!(
                name.starts_with("aaa") && name.ends_with("a.pdf.exe"),
                "{name}"
            );
        }
        assert_eq!(clean_file_name(&"a".repeat(80)), "a".repeat(80));
    }
}
