// The reader of chat exports, as a worker of our own build.
import "@jikim/evidence/chat/worker";
