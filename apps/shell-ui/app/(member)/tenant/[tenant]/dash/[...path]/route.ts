export const dynamic = "force-dynamic";

export {
  answerBehindFront as DELETE,
  answerBehindFront as GET,
  answerBehindFront as HEAD,
  answerBehindFront as PATCH,
  answerBehindFront as POST,
  answerBehindFront as PUT,
} from "@/lib/server/front";
