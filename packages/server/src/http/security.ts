import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";
import type { Config } from "../config.ts";
import { ServerRefusal } from "../refusal.ts";

/** Nothing inline, no other host, no frame, no form; scripts reach the page only through the two named policies. */
const POLICY = {
  "default-src": ["'none'"],
  "script-src": ["'self'", "'wasm-unsafe-eval'"],
  "style-src": ["'self'"],
  "img-src": ["'self'", "blob:"],
  "media-src": ["blob:"],
  "font-src": ["'self'"],
  "connect-src": ["'self'"],
  "worker-src": ["'self'"],
  "manifest-src": ["'self'"],
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
  "frame-ancestors": ["'none'"],
  "require-trusted-types-for": ["'script'"],
  "trusted-types": ["svelte-trusted-html", "jikim"],
};

/** Powers of the browser that no page of ours uses; passkeys stay with our own origin. */
const PERMISSIONS = [
  ...["accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer"],
  ...["microphone", "midi", "payment", "screen-wake-lock", "usb", "xr-spatial-tracking", "browsing-topics"],
]
  .map((power) => `${power}=()`)
  .concat("publickey-credentials-get=(self)", "publickey-credentials-create=(self)")
  .join(", ");

const YEAR_SECONDS = 31_536_000;

/** Routes that a signed-in browser could be tricked into calling from another site. */
const GUARDED = /^\/api\/(desk|setup|enrolment)(\/|$)/;

export async function secure(app: FastifyInstance, config: Config): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: POLICY },
    strictTransportSecurity: config.origin.startsWith("https:") ? { maxAge: YEAR_SECONDS } : false,
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" },
    crossOriginOpenerPolicy: { policy: "same-origin" },
    crossOriginResourcePolicy: { policy: "same-origin" },
  });
  app.addHook("onRequest", (request, reply, done) => {
    void reply.header("permissions-policy", PERMISSIONS);
    if (request.url.startsWith("/api/")) void reply.header("cache-control", "no-store");
    done();
  });
  refuseForeignRequests(app, config);
}

/** Cross-site request forgery: another site can neither set our header nor hide its own origin. */
function refuseForeignRequests(app: FastifyInstance, config: Config): void {
  app.addHook("onRequest", (request, _reply, done) => {
    const changes = !["GET", "HEAD", "OPTIONS"].includes(request.method);
    const { origin, "x-jikim": page } = request.headers;
    const foreign = origin !== undefined && origin !== config.origin;
    const unnamed = GUARDED.test(request.routeOptions.url ?? "") && page !== "desk";
    done(changes && (foreign || unnamed) ? new ServerRefusal({ code: "FOREIGN_REQUEST" }) : undefined);
  });
}
