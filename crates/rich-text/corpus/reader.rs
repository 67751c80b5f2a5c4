//! Reads `hostile.txt`, the corpus of attacks by markup. Native tests and browser tests include this file with `#[path]`.

/// One attack, with the text that must remain of it.
pub(crate) struct Case {
    /// The name of the case; no two cases have the same.
    pub(crate) name: &'static str,
    /// The markup, as an agent console would send it.
    pub(crate) html: String,
    /// The plain text that must remain. `None` if the corpus does not state it.
    pub(crate) remains: Option<String>,
}

/// All cases, in the order of the file. The first lines of `hostile.txt` describe the format.
pub(crate) fn cases() -> impl Iterator<Item = Case> {
    include_str!("hostile.txt")
        .split("\n=== ")
        .skip(1)
        .map(|section| {
            let (name, content) = section.split_once('\n').unwrap_or((section, ""));
            let mut html = Vec::new();
            let mut remains = None;
            for line in content.lines().filter(|line| !line.starts_with("# ")) {
                if let Some(text) = line.strip_prefix(">>>") {
                    remains =
                        Some(expand(text.strip_prefix(' ').unwrap_or(text)).replace('⏎', "\n"));
                } else {
                    html.push(line);
                }
            }
            Case {
                name,
                html: expand(html.join("\n").trim_end_matches('\n')),
                remains,
            }
        })
}

/// Replaces the shorthands: `⟦1f⟧` by the character with this hexadecimal number, and `⟦text×9⟧` by nine times the text.
fn expand(written: &str) -> String {
    let mut parts = written.split('⟦');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (shorthand, rest) = part.split_once('⟧').unwrap_or((part, ""));
        if let Some((repeated, times)) = shorthand.rsplit_once('×') {
            text.push_str(&repeated.repeat(times.parse().unwrap_or_default()));
        } else {
            text.extend(
                u32::from_str_radix(shorthand, 16)
                    .ok()
                    .and_then(char::from_u32),
            );
        }
        text.push_str(rest);
    }
    text
}
