//! Builds the widget's files: for the script tag, under names that contain a hash of the content, and for the npm package.

use crate::{
    disk,
    failure::{Failure, Outcome},
    frame_policy::FramePolicy,
    process,
    wasm::BuiltApp,
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

/// The oldest supported browsers: the first that know `light-dark()` in CSS.
const BROWSERS: &str = "--target=chrome123,firefox128,safari17.5";

/// The scripts that load when something on the page first needs them: `LazyScripts` in `npm/chat-internals.ts`.
const SCRIPTS: [&str; 7] = [
    "availability",
    "doctor",
    "fallback-card",
    "file-transfer",
    "frame-host",
    "sound",
    "title",
];

/// When a file is fetched.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// With the page.
    Page,
    /// When the visitor wants the panel. Without these files nobody can write.
    Panel,
    /// At the same time, but the visitor can write before these files have arrived.
    Conversation,
    /// When the feature in it is first used.
    Use,
}

impl fmt::Display for When {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Page => "page",
            Self::Panel => "panel",
            Self::Conversation => "conversation",
            Self::Use => "use",
        })
    }
}

/// A file of the script tag's build.
pub(crate) struct File {
    /// Its name in the sources.
    pub(crate) name: String,
    /// Its path, relative to the directory of `pipit.js`.
    pub(crate) path: String,
    pub(crate) when: When,
    /// Its SHA-256, in base64.
    hash: String,
    /// The sources that it is made from.
    made_from: &'static str,
}

impl File {
    /// The value of the `integrity` attribute in HTML.
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

/// The inputs of both builds.
pub(crate) struct Sources {
    app: BuiltApp,
    /// The directory of npm's programs.
    npm: PathBuf,
    /// esbuild's `--define` arguments: constants that the scripts declare and the build provides.
    defines: Vec<String>,
    /// The languages that are files of their own: each path with the content.
    languages: Vec<(String, Vec<u8>)>,
}

impl Sources {
    pub(crate) fn new(app: BuiltApp, npm: PathBuf) -> Outcome<Self> {
        let from = workspace::root().join("src/locale");
        let (mut names, mut labels, mut away) = (Vec::new(), Vec::new(), Map::new());
        let mut languages = Vec::new();
        for file in disk::names(&from)? {
            let Some(name) = file.strip_suffix(".json") else {
                continue;
            };
            let path = from.join(&file);
            let text = disk::read(&path)?;
            let texts: Map<String, Value> = serde_json::from_slice(&text)
                .map_err(|error| Failure::new(format!("{} is no JSON: {error}", path.display())))?;
            let text_of = |word: &str| texts.get(word).cloned().unwrap_or_default();
            let (plain, _) = name.split_once('-').unwrap_or((name, ""));
            labels.push(match text_of("launcher").as_str() {
                None | Some("Chat") => plain.to_owned(),
                Some(label) => format!("{plain}:{label}"),
            });
            names.push(name.to_owned());
            let away_texts = ["closed", "noAgents"].map(|word| (word.to_owned(), text_of(word)));
            away.insert(name.to_owned(), Value::from(Map::from_iter(away_texts)));
            // English is compiled in.
            if name != "en" {
                languages.push((format!("locales/{file}"), text));
            }
        }
        // Defined as texts, because an object literal would keep quotes around each name and be larger.
        let defines = vec![
            format!("--define:LANGUAGES={}", Value::from(names.join(","))),
            format!("--define:LAUNCHER_LABELS={}", Value::from(labels.join(","))),
            format!("--define:UNAVAILABLE_LABELS={}", text(away)),
            format!("--define:LAUNCHER_CSS={}", style(&npm, "launcher.css")?),
            format!("--define:PANEL_CSS={}", style(&npm, "pipit.css")?),
        ];
        Ok(Self {
            app,
            npm,
            defines,
            languages,
        })
    }

    pub(crate) fn app(&self) -> &BuiltApp {
        &self.app
    }

    /// Writes the files of the script tag, from the leaves to the loader. Each script knows the hashes of the files that it
    /// loads, so nothing else can run in their place. All files but the loader and the frame have a name that no other
    /// content will ever have.
    pub(crate) fn script_tag(&self, out: &Path, policy: &FramePolicy) -> Outcome<Vec<File>> {
        disk::remove(out)?;
        let mut output = OutputDirectory {
            out,
            files: Vec::new(),
        };
        for (name, text) in &self.languages {
            output.add(name, When::Use, "src/locale", text)?;
        }
        for name in SCRIPTS {
            let made = self.script(name, "esm", &json!({}))?;
            output.add(&format!("{name}.js"), When::Use, "npm", &made)?;
        }
        for name in self.app.modules()? {
            let when = match name.as_str() {
                "widget_bg.wasm" => When::Panel,
                "split_conversation.wasm" => When::Conversation,
                name if name.starts_with("split_") => When::Use,
                // Code that the conversation part shares with other parts.
                _ => When::Conversation,
            };
            let module = self.app.module(&name)?;
            output.add(&name, when, "src and crates", &module)?;
        }
        let first = ["widget_bg.wasm", "availability.js", "panel.js"];
        let rest = output.hashes(|name| !first.contains(&name));
        let panel = self.script("panel", "esm", &rest)?;
        output.add(
            "panel.js",
            When::Panel,
            "npm, src/view/style, and wasm-bindgen's glue",
            &panel,
        )?;
        let known = output.hashes(|name| first.contains(&name));
        // The page for the iframe keeps the name that `npm/frame-host.ts` knows.
        let frame = disk::read_text(&workspace::root().join("npm/frame.html"))?;
        let frame = policy.write_into(&frame)?;
        output.add_unhashed("frame.html", When::Use, frame.as_bytes())?;
        output.add_unhashed(
            "frame.js",
            When::Use,
            &self.script("frame-client", "iife", &known)?,
        )?;
        output.add_unhashed(
            "pipit.js",
            When::Page,
            &self.script("loader", "iife", &known)?,
        )?;
        Ok(output.files)
    }

    /// Writes the code of the npm package: scripts that share common code, and the files that the scripts name by `new URL`, so
    /// that every bundler finds them. The package manager guarantees their integrity.
    pub(crate) fn package(&self, out: &Path) -> Outcome {
        disk::remove(out)?;
        let mut files = Vec::new();
        for name in self.app.modules()? {
            disk::write(&out.join(&name), self.app.module(&name)?)?;
            files.push(name);
        }
        for (name, text) in &self.languages {
            disk::write(&out.join(name), text)?;
            files.push(name.clone());
        }
        let urls = files
            .iter()
            .map(|name| format!("  \"{name}\": new URL(\"./{name}\", import.meta.url),\n"));
        let list = workspace::target()?.join("package-files.js");
        let urls = urls.collect::<String>();
        disk::write(&list, format!("export const FILES = {{\n{urls}}};\n"))?;
        process::run(
            self.esbuild("index.ts")
                .args(["--format=esm", "--splitting"])
                .arg("--define:HASHES={}")
                .arg(format!("--alias:package-files={}", list.display()))
                .arg(format!("--outdir={}", out.display())),
        )
    }

    /// Bundles and minifies a script of `npm/` with everything that it imports.
    fn script(&self, name: &str, format: &str, hashes: &Value) -> Outcome<Vec<u8>> {
        let out = workspace::target()?.join(format!("script-tag/{name}.js"));
        process::run(
            self.esbuild(&format!("{name}.ts"))
                .arg(format!("--format={format}"))
                .arg(format!("--define:HASHES={hashes}"))
                .arg(format!("--outfile={}", out.display())),
        )?;
        // terser makes esbuild's output about 5 % smaller.
        process::run(
            Command::new(self.npm.join("terser"))
                .args(["--compress", "passes=4,ecma=2022,keep_fargs=false"])
                .args(["--mangle", "--toplevel", "--ecma=2022"])
                .args((format == "esm").then_some("--module"))
                .arg(format!("--output={}", out.display()))
                .arg(&out),
        )?;
        disk::read(&out)
    }

    fn esbuild(&self, file: &str) -> Command {
        let mut esbuild = esbuild(&self.npm, file);
        esbuild
            .args(&self.defines)
            .arg(format!("--alias:glue={}", self.app.script().display()));
        esbuild
    }
}

/// Collects the files that were written.
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

    /// Writes a file under its own name, for files whose address must stay the same.
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

    fn hashes(&self, is_wanted: impl Fn(&str) -> bool) -> Value {
        let wanted = self.files.iter().filter(|file| is_wanted(&file.name));
        wanted
            .map(|file| (file.name.clone(), Value::from(&*file.hash)))
            .collect()
    }
}

/// SHA-256 in base64, as the `integrity` attribute uses it.
pub(crate) fn hash(content: &[u8]) -> String {
    BASE64_STANDARD.encode(Sha256::digest(content))
}

/// The part of a hash that is in a file name. `npm/hashed-assets.ts` computes the same.
fn short_hash(hash: &str) -> String {
    let letters = hash.chars().filter(char::is_ascii_alphanumeric);
    letters.take(8).collect()
}

fn text(words: Map<String, Value>) -> Value {
    Value::from(Value::from(words).to_string())
}

/// Bundles and minifies a style sheet of `src/view/style`, as a text for a script.
fn style(npm: &Path, name: &str) -> Outcome<Value> {
    let out = workspace::target()?.join("style").join(name);
    process::run(
        esbuild(npm, &format!("../src/view/style/{name}"))
            .arg(format!("--outfile={}", out.display())),
    )?;
    let text = disk::read_text(&out)?;
    Ok(text.trim().replace(": ", ":").replace(", ", ",").into())
}

/// An esbuild command that bundles and minifies a file of `npm/`.
fn esbuild(npm: &Path, file: &str) -> Command {
    let mut esbuild = Command::new(npm.join("esbuild"));
    esbuild
        .args([
            file,
            "--bundle",
            "--minify",
            "--log-level=warning",
            BROWSERS,
        ])
        // Texts in other scripts stay unescaped, because escapes are twice as long.
        .args(["--charset=utf8"])
        // wasm-bindgen lists an import that several parts share once per part.
        .args(["--log-override:duplicate-object-key=silent"])
        .current_dir(workspace::root().join("npm"));
    esbuild
}
