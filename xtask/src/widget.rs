//! Builds the files of the chat widget in two forms: for a script tag, with names that contain a hash of the content,
//! and for the npm package.

use crate::{
    dependencies, disk,
    failure::{Failure, Outcome},
    frame_policy::FramePolicy,
    process,
    wasm::{BuiltApp, PARTS},
    workspace,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::{
    fmt,
    path::{Path, PathBuf},
    process::Command,
};

/// The oldest supported browsers, as an argument of esbuild. They are the first versions with `light-dark()` in CSS.
const BROWSERS: &str = "--target=chrome123,firefox128,safari17.5";

/// The scripts that load when they are first needed: all of `LazyScripts` in `npm/chat-internals.ts`, except `panel` and
/// `watchers`. The build makes `watchers` after them, because it contains the hashes of these scripts.
const LAZY_SCRIPTS: [&str; 8] = [
    "doctor",
    "fallback-card",
    "fetch-check",
    "file-transfer",
    "frame-host",
    "page-precedence",
    "sound",
    "title",
];

/// Members of objects that only the scripts of `npm/` use. The build gives them shorter names, which are the same in all
/// scripts, because the scripts pass these objects to each other. Names that a web page may use must not be in this list,
/// nor names that a script also uses as a text, such as those of the calls between a page and its iframe.
const SHORTENED_MEMBERS: [&str; 14] = [
    "attachTo",
    "callNow",
    "comeBack",
    "container",
    "fallbackCard",
    "fetchFile",
    "findHome",
    "hashes",
    "isForWasm",
    "isLive",
    "launcher",
    "loadScript",
    "loaderUrl",
    "reportFailure",
];

/// The frameworks for which the npm package has an entry, such as `pipit-chat/react`. The entries import their
/// framework by its name, so that the host's own copy is used.
const FRAMEWORKS: [&str; 4] = ["angular", "react", "svelte", "vue"];

/// The moment at which a web page fetches a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// The file is fetched with the web page.
    Page,
    /// The file is fetched for the panel: when the visitor opens the panel or points at its button, or earlier if the
    /// web page wants that. The visitor can write only after this file has loaded.
    Panel,
    /// The file is fetched for the panel, too, but the visitor can write before this file has loaded. A first message can
    /// leave after it.
    Conversation,
    /// The file is fetched after the conversation part. It draws the content of the panel.
    Content,
    /// The file is fetched when its feature is first used.
    Use,
}

impl fmt::Display for When {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Page => "page",
            Self::Panel => "panel",
            Self::Conversation => "conversation",
            Self::Content => "content",
            Self::Use => "use",
        })
    }
}

/// A file of the build for the script tag.
pub(crate) struct File {
    /// The name without a hash.
    pub(crate) name: String,
    /// The path relative to the directory of `pipit.js`. The file name usually contains a hash.
    pub(crate) path: String,
    pub(crate) when: When,
    /// The SHA-256 of the content, in base64.
    hash: String,
    /// What the file is made from, in words for people: mostly directories of the repository.
    made_from: &'static str,
}

impl File {
    /// The value of the HTML attribute `integrity`, with which a browser checks the content.
    pub(crate) fn integrity(&self) -> String {
        format!("sha256-{}", self.hash)
    }

    /// The file's entry in `files.json`.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "name": self.name, "file": self.path, "when": self.when.to_string(),
            "integrity": self.integrity(), "from": self.made_from,
        })
    }
}

/// The inputs from which the files for the script tag and the npm package are made.
pub(crate) struct Sources {
    /// The compiled WASM of the widget, with its script.
    app: BuiltApp,
    /// The directory with the executables of the installed npm packages, such as esbuild (`node_modules/.bin`).
    npm: PathBuf,
    /// esbuild's `--define` arguments: constants that the scripts declare and the build provides.
    defines: Vec<String>,
    /// A JSON file with the short name of each of the [`SHORTENED_MEMBERS`], for esbuild.
    short_names: PathBuf,
    /// The file names of the modules that load for each of the [`PARTS`]. A module that several need is in the first of them.
    parts: Vec<Vec<String>>,
    /// The files of the languages that are not compiled in: the path and the content of each.
    languages: Vec<(String, Vec<u8>)>,
}

impl Sources {
    /// Collects the inputs: reads the languages of `src/locale`, and bundles the style sheets.
    pub(crate) fn new(app: BuiltApp, npm: PathBuf) -> Outcome<Self> {
        let from = workspace::root().join("src/locale");
        let (mut language_names, mut chat_languages) = (Vec::new(), Vec::new());
        let mut launcher_labels = Map::new();
        let mut unavailable_labels = Map::new();
        let mut languages = Vec::new();
        for file in disk::names(&from)? {
            let Some(name) = file.strip_suffix(".json") else {
                continue;
            };
            let path = from.join(&file);
            let text = disk::read(&path)?;
            let texts: Map<String, Value> = serde_json::from_slice(&text)
                .map_err(|error| Failure::new(format!("{} is no JSON: {error}", path.display())))?;
            let text_of = |text_name: &str| texts.get(text_name).cloned().unwrap_or_default();
            // The language without the region: `de` of `de-CH`.
            let (language, _) = name.split_once('-').unwrap_or((name, ""));
            // The loader labels the launcher, the button that opens the panel, by `Chat`. `watchers.js` has all other labels.
            // Web pages name Norwegian by `nb`, `nn` or `no`.
            let tags: &[&str] = if language == "nb" {
                &["nb", "nn", "no"]
            } else {
                &[language]
            };
            let label = text_of("launcher");
            if label.is_null() || label == "Chat" {
                chat_languages.extend(tags.iter().map(ToString::to_string));
            } else {
                launcher_labels.extend(tags.iter().map(|tag| ((*tag).to_owned(), label.clone())));
            }
            language_names.push(name.to_owned());
            // The labels of the launcher while the service is closed or no agent is available.
            let unavailable_texts =
                ["closed", "noAgents"].map(|text_name| (text_name.to_owned(), text_of(text_name)));
            let entry = Value::from(Map::from_iter(unavailable_texts));
            unavailable_labels.insert(name.to_owned(), entry);
            // English is compiled into the WASM.
            if name != "en" {
                languages.push((format!("locales/{file}"), text));
            }
        }
        let mut defines = vec![
            format!(
                "--define:LANGUAGES={}",
                Value::from(language_names.join(","))
            ),
            format!(
                "--define:LAUNCHER_LANGUAGES={}",
                Value::from(launcher_languages(chat_languages, &launcher_labels))
            ),
            format!("--define:LAUNCHER_LABELS={}", Value::from(launcher_labels)),
            format!(
                "--define:UNAVAILABLE_LABELS={}",
                json_text(unavailable_labels)
            ),
            format!("--define:LAUNCHER_CSS={}", style(&npm, "launcher.css")?),
            format!("--define:PANEL_CSS={}", style(&npm, "pipit.css")?),
        ];
        let mut parts: Vec<Vec<String>> = Vec::new();
        for part in PARTS {
            let mut modules = app.modules_of_part(part)?;
            modules.retain(|name| !parts.iter().flatten().any(|earlier| earlier == name));
            parts.push(modules);
        }
        defines.push(format!("--define:PARTS={}", json!(parts)));
        let short_names = workspace::target()?.join("short-names.json");
        let names = ('a'..).zip(SHORTENED_MEMBERS);
        let names = names.map(|(letter, name)| (name.to_owned(), format!("${letter}").into()));
        let names: Map<String, Value> = names.collect();
        disk::write(&short_names, Value::from(names).to_string())?;
        Ok(Self {
            app,
            npm,
            defines,
            short_names,
            parts,
            languages,
        })
    }

    pub(crate) fn app(&self) -> &BuiltApp {
        &self.app
    }

    /// Writes the files of the script tag. Each script contains the hashes of the files that it loads, so that browsers
    /// refuse other files in their place. Therefore a script is written after the files that it loads. The name of each
    /// file contains a hash of the content, except the names of the loader (`pipit.js`) and of the page for the iframe
    /// (`frame.html` and its script `frame.js`).
    pub(crate) fn write_script_tag_files(
        &self,
        out: &Path,
        policy: &FramePolicy,
    ) -> Outcome<Vec<File>> {
        disk::remove(out)?;
        let mut output = OutputDirectory {
            out,
            files: Vec::new(),
        };
        for (name, text) in &self.languages {
            output.add(name, When::Use, "src/locale", text)?;
        }
        for name in LAZY_SCRIPTS {
            let made = self.script(name, "esm", &json!({}))?;
            output.add(&format!("{name}.js"), When::Use, "npm", &made)?;
        }
        for name in self.app.modules()? {
            let part = self.parts.iter().position(|part| part.contains(&name));
            let when = match part {
                _ if name == "widget_bg.wasm" => When::Panel,
                Some(0) => When::Conversation,
                Some(1) => When::Content,
                _ => When::Use,
            };
            let module = self.app.module(&name)?;
            output.add(&name, when, "src and crates", &module)?;
        }
        // The loader and `frame.js` contain the hashes of these files.
        let known_to_loader = ["widget_bg.wasm", "watchers.js", "panel.js"];
        // `panel.js` contains the hashes of the languages and of the modules. A visitor would wait for one more file if
        // `watchers.js` contained them.
        let is_known_to_panel = |file: &File| {
            let is_module = Path::new(&file.name).extension() == Some("wasm".as_ref());
            (is_module && file.when != When::Panel) || file.name.starts_with("locales/")
        };
        let is_known_to_watchers = |file: &File| {
            !is_known_to_panel(file) && !known_to_loader.contains(&file.name.as_str())
        };
        let watchers = self.script("watchers", "esm", &output.hashes(is_known_to_watchers))?;
        output.add("watchers.js", When::Use, "npm", &watchers)?;
        let panel = self.script("panel", "esm", &output.hashes(is_known_to_panel))?;
        output.add(
            "panel.js",
            When::Panel,
            "npm, src/view/style, and wasm-bindgen's glue",
            &panel,
        )?;
        let loader_hashes = output.hashes(|file| known_to_loader.contains(&file.name.as_str()));
        // The page for the iframe keeps the name that `npm/frame-host.ts` knows.
        let frame = disk::read_text(&workspace::root().join("npm/frame.html"))?;
        let frame = policy.write_into(&frame)?;
        output.add_unhashed("frame.html", When::Use, frame.as_bytes())?;
        output.add_unhashed(
            "frame.js",
            When::Use,
            &self.script("frame-client", "iife", &loader_hashes)?,
        )?;
        output.add_unhashed(
            "pipit.js",
            When::Page,
            &self.script("loader", "iife", &loader_hashes)?,
        )?;
        Ok(output.files)
    }

    /// Writes the code of the npm package: scripts that share common code, and the files that they load. The scripts
    /// name these files by `new URL`, so that every bundler finds the files. `new URL` throws in a build whose format
    /// has no `import.meta.url`, so each address is a function. The scripts contain no hashes, because the package
    /// manager checks the integrity.
    pub(crate) fn write_npm_package(&self, out: &Path) -> Outcome {
        disk::remove(out)?;
        let mut files = Vec::new();
        for name in self.app.modules()? {
            disk::write(&out.join(&name), self.app.module(&name)?)?;
            files.push(name);
        }
        for (name, text) in &self.languages {
            // Parcel makes scripts of files that end with `.json`.
            let name = name.replace(".json", ".txt");
            disk::write(&out.join(&name), text)?;
            files.push(name);
        }
        let urls = files
            .iter()
            .map(|name| format!("  \"{name}\": () => new URL(\"./{name}\", import.meta.url),\n"));
        let list = workspace::target()?.join("package-files.js");
        let urls = urls.collect::<String>();
        disk::write(&list, format!("export const FILES = {{\n{urls}}};\n"))?;
        bundle(
            self.esbuild("index.ts")
                .args(FRAMEWORKS.map(|name| format!("{name}=frameworks/{name}.ts")))
                .args([
                    "--external:@angular/core",
                    "--external:react",
                    "--external:vue",
                ])
                .args(["--format=esm", "--splitting"])
                .args(["--define:HASHES={}", "--define:IS_PACKAGE=true"])
                .arg(format!("--alias:package-files={}", list.display()))
                .arg(format!("--outdir={}", out.display())),
        )
    }

    /// Bundles and minifies a script of `npm/` with everything that it imports. `hashes` become the script's constant
    /// `HASHES`.
    fn script(&self, name: &str, format: &str, hashes: &Value) -> Outcome<Vec<u8>> {
        let out = workspace::target()?.join(format!("script-tag/{name}.js"));
        bundle(
            self.esbuild(&format!("{name}.ts"))
                .arg(format!("--format={format}"))
                .arg(format!("--define:HASHES={hashes}"))
                .arg("--define:IS_PACKAGE=false")
                .arg(format!("--outfile={}", out.display())),
        )?;
        // swc makes esbuild's output about 5 % smaller.
        process::run_silently(
            Command::new("node")
                .arg(workspace::root().join("npm/minify.mjs"))
                .arg(&out)
                .arg(format),
        )?;
        disk::read(&out)
    }

    /// An esbuild command for a script of `npm/`, with all constants except `HASHES`.
    fn esbuild(&self, file: &str) -> Command {
        let mut esbuild = esbuild(&self.npm, file);
        esbuild
            .args(&self.defines)
            .arg(format!("--alias:glue={}", self.app.script().display()))
            .arg(format!(
                "--mangle-props=^({})$",
                SHORTENED_MEMBERS.join("|")
            ))
            .arg(format!("--mangle-cache={}", self.short_names.display()));
        esbuild
    }
}

/// The directory into which the build writes, with a list of the files that were written.
struct OutputDirectory<'out> {
    out: &'out Path,
    files: Vec<File>,
}

impl OutputDirectory<'_> {
    /// Writes a file under a name that contains its hash.
    fn add(&mut self, name: &str, when: When, made_from: &'static str, content: &[u8]) -> Outcome {
        let path = name.replacen('.', &format!("-{}.", short_hash(&hash(content))), 1);
        self.add_as(name, path, when, made_from, content)
    }

    /// Writes a file under its name without a hash, because web pages and scripts that do not know the hash refer to the
    /// file by this name.
    fn add_unhashed(&mut self, name: &str, when: When, content: &[u8]) -> Outcome {
        self.add_as(name, name.to_owned(), when, "npm", content)
    }

    fn add_as(
        &mut self,
        name: &str,
        path: String,
        when: When,
        made_from: &'static str,
        content: &[u8],
    ) -> Outcome {
        disk::write(&self.out.join(&path), content)?;
        self.files.push(File {
            name: name.to_owned(),
            path,
            when,
            hash: hash(content),
            made_from,
        });
        Ok(())
    }

    /// The hashes of the wanted files, as an object whose keys are the names without a hash.
    fn hashes(&self, is_wanted: impl Fn(&File) -> bool) -> Value {
        let wanted = self.files.iter().filter(|file| is_wanted(file));
        wanted
            .map(|file| (file.name.clone(), Value::from(&*file.hash)))
            .collect()
    }
}

/// The SHA-256 of a content, in base64.
pub(crate) fn hash(content: &[u8]) -> String {
    BASE64_STANDARD.encode(Sha256::digest(content))
}

/// The part of a hash that is in a file name. `npm/hashed-assets.ts` must compute the same part, to find the file.
fn short_hash(hash: &str) -> String {
    let letters = hash.chars().filter(char::is_ascii_alphanumeric);
    letters.take(8).collect()
}

/// Writes an object as JSON, and returns what was written as a JSON string, for a constant of a script that holds text.
fn json_text(object: Map<String, Value>) -> Value {
    Value::from(Value::from(object).to_string())
}

/// The part of a regular expression that `LAUNCHER_LANGUAGES` in `npm/language.ts` describes: the languages in which the
/// launcher's label is `Chat`, then a group with the languages that have another label.
fn launcher_languages(mut alternatives: Vec<String>, labels: &Map<String, Value>) -> String {
    let is_right_to_left = |language: &&String| matches!(language.as_str(), "ar" | "he");
    let (from_right, others): (Vec<_>, Vec<_>) = labels.keys().partition(is_right_to_left);
    let group = |languages: Vec<&String>| {
        languages
            .into_iter()
            .map(|name| &**name)
            .collect::<Vec<_>>()
            .join("|")
    };
    alternatives.push(format!("({}|({}))", group(others), group(from_right)));
    alternatives.join("|")
}

/// Bundles and minifies a style sheet of `src/view/style`. Returns it as a JSON string, for a constant of a script.
fn style(npm: &Path, name: &str) -> Outcome<Value> {
    let out = workspace::target()?.join("style").join(name);
    process::run_silently(
        esbuild(npm, &format!("../src/view/style/{name}"))
            .arg(format!("--outfile={}", out.display())),
    )?;
    let text = disk::read_text(&out)?;
    // esbuild keeps the blanks after colons and commas in some values.
    Ok(text.trim().replace(": ", ":").replace(", ", ",").into())
}

/// Runs an esbuild command that makes scripts of the widget. Fails if the scripts would contain an npm package whose
/// licence does not allow that.
pub(crate) fn bundle(esbuild: &mut Command) -> Outcome {
    let metafile = workspace::target()?.join("esbuild-inputs.json");
    process::run_silently(esbuild.arg(format!("--metafile={}", metafile.display())))?;
    dependencies::check_bundled_packages(&metafile)
}

/// An esbuild command that bundles and minifies a file of `npm/`.
pub(crate) fn esbuild(npm: &Path, file: &str) -> Command {
    let mut esbuild = Command::new(npm.join("esbuild"));
    esbuild
        .args([
            file,
            "--bundle",
            "--minify",
            "--log-level=warning",
            BROWSERS,
        ])
        // Letters outside ASCII stay unescaped, because escapes are twice as long.
        .args(["--charset=utf8"])
        // wasm-bindgen lists an import once for each module that uses the import. esbuild would warn of the repetition.
        .args(["--log-override:duplicate-object-key=silent"])
        .current_dir(workspace::root().join("npm"));
    esbuild
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Contract;

    #[test]
    fn no_name_of_the_contract_is_shortened() {
        let contract = disk::read_text(&workspace::root().join("npm/contract.ts")).unwrap();
        let contract = Contract::parse(&contract);
        let members = [&contract.panel_commands, &contract.chat_members];
        let members = members.into_iter().flatten().map(|member| &member.name);
        let options = contract.options.iter().map(|option| &option.name);
        for name in members.chain(options) {
            assert!(!SHORTENED_MEMBERS.contains(&name.as_str()), "{name}");
        }
    }
}
