//! The texts of the *pseudo-locale*, which stands for a language that does not exist yet. A text that the widget does not take
//! from a language file has no accents and no brackets, and a place that is too small for long words shows itself.

/// Makes a text of the pseudo-locale: each vowel and some consonants get accents, the text gets at least 40 % longer, and
/// brackets show where it begins and ends. Placeholders such as `{name}` stay as they are.
pub(crate) fn pseudo_text(text: &str) -> String {
    let mut pseudo = String::from("[");
    let mut is_placeholder = false;
    for letter in text.chars() {
        is_placeholder = letter == '{' || is_placeholder && letter != '}';
        pseudo.push(if is_placeholder {
            letter
        } else {
            accented(letter)
        });
    }
    let length = text.chars().count();
    let missing = (length * 14).div_ceil(10) - length;
    // The addition consists of words, so that lines can break in it as in a sentence.
    pseudo.extend((0..missing).map(|index| if index % 8 == 7 { ' ' } else { 'é' }));
    pseudo.push(']');
    pseudo
}

/// The letter with an accent; the character itself if it has no such letter here.
fn accented(letter: char) -> char {
    const PLAIN: &str = "aeioucdjlnrsyzAEIOUCDJLNRSYZ";
    const ACCENTED: &str = "áéíöúčďĵľñřšýžÁÉÍÖÚČĎĴĽÑŘŠÝŽ";
    let position = PLAIN.chars().position(|plain| plain == letter);
    let accented = position.and_then(|position| ACCENTED.chars().nth(position));
    accented.unwrap_or(letter)
}
