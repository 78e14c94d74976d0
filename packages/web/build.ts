/** Builds portal and desk into dist/: `npm run build -w packages/web`. */
import { build } from "vite";

await build({ configFile: new URL("vite.config.ts", import.meta.url).pathname });
