//! What is compiled to WASM: the widget, in parts that are loaded when they are used, and the desk.

use crate::{
    failure::{Failure, Outcome},
    names, process,
    tools::{self, WASM},
    workspace::{self, cargo, is_fresh},
};
use std::{
    env, fs, panic,
    path::{Path, PathBuf},
    process::Command,
    thread,
};

/// The cargo profile of everything that is compiled to WASM.
const PROFILE: &str = "wasm";

/// The standard library is compiled with the rest: a panic is a trap, without the code that would tell about
/// it, which is a tenth of the whole. `--emit-relocs` leaves what the parts are told by.
const RUSTFLAGS: &str = "-Zunstable-options -Cpanic=immediate-abort -Zfmt-debug=none \
     -Zlocation-detail=none -Clink-args=--emit-relocs";

/// What Rust's WASM target uses, named one by one: with `--all-features`, wasm-opt writes modules
/// that no browser reads.
const WASM_OPT: [&str; 11] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--strip-debug",
    "--strip-producers",
];

/// A program of the site that is compiled to WASM.
pub(crate) struct App {
    /// The package, and the binary in it.
    package: &'static str,
    /// What its files are called.
    name: &'static str,
    script: Script,
}

/// What an app's JavaScript is.
enum Script {
    /// A module of one instance.
    Module,
    /// A module that gives a function, and each call of it makes an instance of its own: one that broke can be
    /// followed by another. What it takes, `npm/glue.d.ts` says.
    Function,
}

pub(crate) static WIDGET: App = App {
    package: "pipit",
    name: "widget",
    script: Script::Function,
};

pub(crate) static DESK: App = App {
    package: "pipit-desk",
    name: "pipit-desk",
    script: Script::Module,
};

/// Compiles the apps. Returns the directory of wasm-bindgen's programs: when they are missing, they
/// are installed meanwhile.
pub(crate) fn compile() -> Outcome<PathBuf> {
    tools::wasm_target()?;
    let target = compiled_to()?;
    thread::scope(|scope| {
        let bindgen = scope.spawn(tools::wasm_bindgen);
        let mut build = cargo("build --features pipit/split -Z build-std=std,panic_abort");
        build
            .args(["-Z", "build-std-features=optimize_for_size"])
            .args(["--target", WASM, "--profile", PROFILE])
            .arg("--target-dir")
            .arg(&target)
            // The flags are not stable, but those of the one compiler that `rust-version` names are known.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("RUSTFLAGS", RUSTFLAGS);
        for app in [&WIDGET, &DESK] {
            build.args(["--package", app.package, "--bin", app.package]);
        }
        let built = process::run(&mut build);
        let bindgen = bindgen
            .join()
            .unwrap_or_else(|panicked| panic::resume_unwind(panicked));
        built.and(bindgen)
    })
}

/// What the browser loads of an app: the module, its parts and their script.
pub(crate) struct Bound {
    directory: PathBuf,
    script: String,
}

impl Bound {
    /// The JavaScript side. It finds the parts beside itself.
    pub(crate) fn script(&self) -> PathBuf {
        self.directory.join(&self.script)
    }

    /// Copies the module and its parts.
    pub(crate) fn copy_modules(&self, to: &Path) -> Outcome {
        self.copy(to, |name| name != self.script)
    }

    /// Copies the script too.
    pub(crate) fn copy_all(&self, to: &Path) -> Outcome {
        self.copy(to, |_| true)
    }

    fn copy(&self, to: &Path, is_wanted: impl Fn(&str) -> bool) -> Outcome {
        let from = &self.directory;
        fs::create_dir_all(to).map_err(|error| Failure::file("make", to, &error))?;
        let entries = fs::read_dir(from).map_err(|error| Failure::file("read", from, &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| Failure::file("read", from, &error))?;
            let name = entry.file_name();
            if is_wanted(&name.to_string_lossy()) {
                fs::copy(entry.path(), to.join(name))
                    .map_err(|error| Failure::file("copy", &entry.path(), &error))?;
            }
        }
        Ok(())
    }
}

impl App {
    /// Makes what the browser loads, each file made smaller.
    pub(crate) fn bind(&self, bindgen: &Path, npm: &Path) -> Outcome<Bound> {
        let compiled = compiled_to()?.join(WASM).join(PROFILE).join(self.package);
        let compiled = compiled.with_extension("wasm");
        let work = workspace::target()?.join("bindgen").join(self.package);
        let bound = Bound {
            directory: work.join("bound"),
            script: format!("{}.js", self.name),
        };
        let this_program = env::current_exe().unwrap_or_default();
        let lock = workspace::root().join("npm/package-lock.json");
        if is_fresh(&bound.script(), &[&compiled, &lock, &this_program]) {
            return Ok(bound);
        }
        remake(&work)?;
        let parts = split(self, &compiled, &work)?;
        let mut bind = Command::new(bindgen.join("wasm-bindgen"));
        bind.args(["--target", "web", "--no-typescript", "--keep-lld-exports"]);
        bind.args(["--out-name", self.name, "--out-dir"]).arg(&work);
        process::run(bind.arg(work.join("main.wasm")))?;
        let main = work.join(format!("{}_bg.wasm", self.name));
        let script = work.join(&bound.script);
        shorten(&main, &script)?;
        for module in parts.iter().chain([&main]) {
            let small = bound.directory.join(module.file_name().unwrap_or_default());
            let mut shrink = Command::new(npm.join("wasm-opt"));
            process::run(shrink.args(WASM_OPT).arg(module).arg("-o").arg(small))?;
        }
        match self.script {
            Script::Module => glue(npm, &script, &bound.script(), &["--format=esm"])?,
            Script::Function => glue_function(npm, &script, &bound.script())?,
        }
        Ok(bound)
    }
}

/// A directory of its own: these flags give other files than the tests' builds do.
fn compiled_to() -> Outcome<PathBuf> {
    Ok(workspace::target()?.join("site-wasm"))
}

fn remake(directory: &Path) -> Outcome {
    if directory.exists() {
        fs::remove_dir_all(directory)
            .map_err(|error| Failure::file("remove", directory, &error))?;
    }
    let bound = directory.join("bound");
    fs::create_dir_all(&bound).map_err(|error| Failure::file("make", &bound, &error))
}

/// Takes the module apart where the source says `part!`. Returns the parts beside `main.wasm`.
fn split(app: &App, compiled: &Path, work: &Path) -> Outcome<Vec<PathBuf>> {
    let whole = fs::read(compiled).map_err(|error| Failure::file("read", compiled, &error))?;
    let main = work.join("main.wasm");
    let main_module = format!("./{}.js", app.name);
    let mut options = wasm_split_cli_support::Options::new(&whole);
    options.output_dir = work;
    options.main_out_path = &main;
    options.main_module = &main_module;
    let split = wasm_split_cli_support::transform(options).map_err(|error| {
        Failure::new(format!(
            "{} could not be split: {error:#}",
            compiled.display()
        ))
    })?;
    Ok(split.split_modules)
}

fn shorten(module: &Path, script: &Path) -> Outcome {
    let read = |path: &Path| fs::read(path).map_err(|error| Failure::file("read", path, &error));
    let text = String::from_utf8_lossy(&read(script)?).into_owned();
    let (short, text) = names::shorten(&read(module)?, &text)?;
    fs::write(module, short).map_err(|error| Failure::file("write", module, &error))?;
    fs::write(script, text).map_err(|error| Failure::file("write", script, &error))
}

/// One file for the JavaScript of all parts.
fn glue(npm: &Path, from: &Path, to: &Path, format: &[&str]) -> Outcome {
    process::run(
        Command::new(npm.join("esbuild"))
            .arg(from)
            .args(["--bundle", "--minify", "--log-level=error"])
            .args(format)
            .arg(format!("--outfile={}", to.display())),
    )
}

/// What stands for the script's own address while esbuild works: it would put an empty one into a function.
const OWN_ADDRESS: &str = "PIPIT_OWN_ADDRESS";

/// Where wasm-bindgen's script learns what the module gives.
const EXPORTS: &str = "wasm = instance.exports;";

/// The same as [`Script::Function`].
fn glue_function(npm: &Path, from: &Path, to: &Path) -> Outcome {
    let read =
        |path: &Path| fs::read_to_string(path).map_err(|error| Failure::file("read", path, &error));
    let write = |path: &Path, text: String| {
        fs::write(path, text).map_err(|error| Failure::file("write", path, &error))
    };
    let bound = read(from)?;
    if bound.matches(EXPORTS).count() != 1 {
        return Err(Failure::new(format!(
            "{} does not say `{EXPORTS}` once: this wasm-bindgen is another.",
            from.display()
        )));
    }
    let guarded = "wasm = guarded(instance.exports);";
    write(from, bound.replacen(EXPORTS, guarded, 1))?;
    let address = format!("--define:import.meta.url={OWN_ADDRESS}");
    glue(
        npm,
        from,
        to,
        &["--format=iife", "--global-name=glue", &address],
    )?;
    let bundled = read(to)?.replace(OWN_ADDRESS, "import.meta.url");
    let function = [
        "export default(guarded,AbortController)=>{",
        &bundled,
        "return glue}\n",
    ];
    write(to, function.concat())
}
