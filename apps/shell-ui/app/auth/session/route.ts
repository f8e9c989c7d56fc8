export { answerSessionStatus as GET } from "@/lib/server/session/status";
