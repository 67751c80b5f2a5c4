//! The widget's files: for the script tag, under names that tell what is in them, and for the npm package.

use crate::{
    disk,
    failure::{Failure, Outcome},
    process,
    wasm::Bound,
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

/// The browsers that know `light-dark()` in CSS, for which all else is built too.
const BROWSERS: &str = "--target=chrome123,firefox128,safari17.5";

/// The scripts that are loaded when something on the page first needs them: `Parts` in `npm/assets.ts`.
const SCRIPTS: [&str; 7] = [
    "availability",
    "doctor",
    "fallback-card",
    "file-transfer",
    "framed",
    "sound",
    "title",
];

/// When a file is fetched.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// With the page.
    Page,
    /// When the panel is wanted; without it nobody can write.
    Panel,
    /// Then too, but the visitor can write before it is here.
    Conversation,
    /// When what it does is used.
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

/// A file of the script tag's.
pub(crate) struct File {
    /// What it is called in the sources.
    pub(crate) name: String,
    /// Where it is, from the directory on.
    pub(crate) path: String,
    pub(crate) when: When,
    /// Its SHA-256, in base64.
    hash: String,
    /// What it is made of.
    from: &'static str,
}

impl File {
    /// As `integrity` takes it in HTML.
    pub(crate) fn integrity(&self) -> String {
        format!("sha256-{}", self.hash)
    }

    /// What is known of it, as JSON.
    pub(crate) fn told(&self) -> Value {
        json!({
            "name": self.name, "file": self.path, "when": self.when.to_string(),
            "integrity": self.integrity(), "from": self.from,
        })
    }
}

/// What both are made from.
pub(crate) struct Sources {
    bound: Bound,
    /// The directory of npm's programs.
    npm: PathBuf,
    /// What the scripts are told by the build.
    defines: Vec<String>,
    /// The languages that are files: their names, and what is in the file.
    languages: Vec<(String, Vec<u8>)>,
}

impl Sources {
    pub(crate) fn new(bound: Bound, npm: PathBuf) -> Outcome<Self> {
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
            let said = |word: &str| texts.get(word).cloned().unwrap_or_default();
            let (plain, _) = name.split_once('-').unwrap_or((name, ""));
            labels.push(match said("launcher").as_str() {
                None | Some("Chat") => plain.to_owned(),
                Some(label) => format!("{plain}:{label}"),
            });
            names.push(name.to_owned());
            let both = ["closed", "noAgents"].map(|word| (word.to_owned(), said(word)));
            away.insert(name.to_owned(), Value::from(Map::from_iter(both)));
            // English is compiled in.
            if name != "en" {
                languages.push((format!("locales/{file}"), text));
            }
        }
        // As texts: an object would stand there with quotes around each name.
        let defines = vec![
            format!("--define:LANGUAGES={}", Value::from(names.join(","))),
            format!("--define:LAUNCHER_WORDS={}", Value::from(labels.join(","))),
            format!("--define:AWAY_WORDS={}", text(away)),
            format!("--define:LAUNCHER_CSS={}", style(&npm, "launcher.css")?),
            format!("--define:PANEL_CSS={}", style(&npm, "pipit.css")?),
        ];
        Ok(Self {
            bound,
            npm,
            defines,
            languages,
        })
    }

    pub(crate) fn bound(&self) -> &Bound {
        &self.bound
    }

    /// Writes what the script tag loads. Each script knows the hashes of what it loads: so nothing runs that is
    /// not what was built, and all but the first has a name that no other content will ever have.
    pub(crate) fn script_tag(&self, out: &Path) -> Outcome<Vec<File>> {
        disk::remove(out)?;
        let mut hashed = Hashed {
            out,
            files: Vec::new(),
        };
        for (name, text) in &self.languages {
            hashed.add(name, When::Use, "src/locale", text)?;
        }
        for name in SCRIPTS {
            let made = self.script(name, "esm", &json!({}))?;
            hashed.add(&format!("{name}.js"), When::Use, "npm", &made)?;
        }
        for name in self.bound.modules()? {
            let when = match name.as_str() {
                "widget_bg.wasm" => When::Panel,
                "split_conversation.wasm" => When::Conversation,
                name if name.starts_with("split_") => When::Use,
                // What it shares with others.
                _ => When::Conversation,
            };
            let module = self.bound.module(&name)?;
            hashed.add(&name, when, "src and crates", &module)?;
        }
        let first = ["widget_bg.wasm", "availability.js", "panel.js"];
        let rest = hashed.hashes(|name| !first.contains(&name));
        let panel = self.script("panel", "esm", &rest)?;
        hashed.add(
            "panel.js",
            When::Panel,
            "npm, src/view/style, and wasm-bindgen's glue",
            &panel,
        )?;
        let known = hashed.hashes(|name| first.contains(&name));
        // The page in a frame, under the name that `npm/framed.ts` knows.
        let frame = workspace::root().join("npm/frame.html");
        hashed.add_bare("frame.html", When::Use, &disk::read(&frame)?)?;
        hashed.add_bare(
            "frame.js",
            When::Use,
            &self.script("frame", "iife", &known)?,
        )?;
        hashed.add_bare(
            "pipit.js",
            When::Page,
            &self.script("loader", "iife", &known)?,
        )?;
        Ok(hashed.files)
    }

    /// Writes what the package holds of code: scripts that share what they have in common, and the files that they
    /// name so that any bundler finds them. Their integrity is the package manager's business.
    pub(crate) fn package(&self, out: &Path) -> Outcome {
        disk::remove(out)?;
        let mut files = Vec::new();
        for name in self.bound.modules()? {
            disk::write(&out.join(&name), self.bound.module(&name)?)?;
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

    /// A script of `npm/` with all that it imports.
    fn script(&self, name: &str, format: &str, hashes: &Value) -> Outcome<Vec<u8>> {
        let out = workspace::target()?.join(format!("script-tag/{name}.js"));
        process::run(
            self.esbuild(&format!("{name}.ts"))
                .arg(format!("--format={format}"))
                .arg(format!("--define:HASHES={hashes}"))
                .arg(format!("--outfile={}", out.display())),
        )?;
        // esbuild is fast, terser is thorough.
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
            .arg(format!("--alias:glue={}", self.bound.script().display()));
        esbuild
    }
}

/// Files that are written under their hashes.
struct Hashed<'out> {
    out: &'out Path,
    files: Vec<File>,
}

impl Hashed<'_> {
    fn add(&mut self, name: &str, when: When, from: &'static str, content: &[u8]) -> Outcome {
        let path = name.replacen('.', &format!("-{}.", mark(&hash(content))), 1);
        self.add_as(name, path, when, from, content)
    }

    /// Under its own name, which whoever asks for it knows.
    fn add_bare(&mut self, name: &str, when: When, content: &[u8]) -> Outcome {
        self.add_as(name, name.to_owned(), when, "npm", content)
    }

    fn add_as(
        &mut self,
        name: &str,
        path: String,
        when: When,
        from: &'static str,
        content: &[u8],
    ) -> Outcome {
        disk::write(&self.out.join(&path), content)?;
        self.files.push(File {
            name: name.to_owned(),
            path,
            when,
            hash: hash(content),
            from,
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

/// SHA-256 in base64, as `integrity` has it in HTML.
pub(crate) fn hash(content: &[u8]) -> String {
    BASE64_STANDARD.encode(Sha256::digest(content))
}

/// The part of a hash that stands in a file's name, as `npm/hashed-assets.ts` makes it, too.
fn mark(hash: &str) -> String {
    let letters = hash.chars().filter(char::is_ascii_alphanumeric);
    letters.take(8).collect()
}

fn text(words: Map<String, Value>) -> Value {
    Value::from(Value::from(words).to_string())
}

/// A style sheet of `src/view/style` with its parts, made smaller: a text for a script.
fn style(npm: &Path, name: &str) -> Outcome<Value> {
    let out = workspace::target()?.join("style").join(name);
    process::run(
        esbuild(npm, &format!("../src/view/style/{name}"))
            .arg(format!("--outfile={}", out.display())),
    )?;
    let text = disk::read_text(&out)?;
    Ok(text.trim().replace(": ", ":").replace(", ", ",").into())
}

/// esbuild, with all that a file of `npm/` names in smaller files.
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
        // Words of other scripts as they are: escaped, they would be twice as long.
        .args(["--charset=utf8"])
        // wasm-bindgen's, who names what all parts share once for each.
        .args(["--log-override:duplicate-object-key=silent"])
        .current_dir(workspace::root().join("npm"));
    esbuild
}
