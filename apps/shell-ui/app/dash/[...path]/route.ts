export const dynamic = "force-dynamic";

export { answerBehindFront as GET, answerBehindFront as HEAD } from "@/lib/server/front";
