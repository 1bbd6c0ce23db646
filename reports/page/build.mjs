// Builds the page: node build.mjs [FILE]. The same sources and packages give the same bytes.
import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ["src/main.ts", "src/style.css"],
  bundle: true,
  minify: true,
  charset: "ascii",
  format: "iife",
  target: "es2020",
  legalComments: "none",
  outdir: "built",
  write: false,
});
const text = (end) => outputFiles.find((file) => file.path.endsWith(end)).text.trim();
const page = (await readFile(join(here, "src/template.html"), "utf8"))
  .replace("/* style */", () => text(".css"))
  .replace("/* script */", () => text(".js").replaceAll("</script", "<\\/script"));
await writeFile(process.argv[2] ?? join(here, "report.html"), page);
