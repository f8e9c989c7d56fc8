import { describe, expect, it } from "vitest";

import { emailProblem, passwordProblem } from "@/lib/credentials";
import { waitInWords } from "@/lib/wait-in-words";

describe("emailProblem", () => {
  it.each(["a@b", "Name.Surname+tag@example.com", "ä@bücher.example", `${"a".repeat(242)}@example.com`])("takes %o", (email) => {
    expect(emailProblem(email)).toBeNull();
  });

  it("asks for one that is missing", () => {
    expect(emailProblem("")).toBe("email-missing");
  });

  it.each(["a", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\u0007", "a@b\u0085", `${"a".repeat(243)}@example.com`])(
    "refuses %o",
    (email) => {
      expect(emailProblem(email)).toBe("email-invalid");
    },
  );
});

describe("passwordProblem", () => {
  it("takes what the API would look at, blanks included", () => {
    expect(passwordProblem(" ")).toBeNull();
    expect(passwordProblem("😀".repeat(128))).toBeNull();
  });

  it("says what is missing or too long", () => {
    expect(passwordProblem("")).toBe("password-missing");
    expect(passwordProblem("x".repeat(129))).toBe("password-too-long");
  });
});

describe("waitInWords", () => {
  it.each([
    [0, "0 seconds"],
    [0.2, "1 second"],
    [59, "59 seconds"],
    [60, "1 minute"],
    [65, "1 minute and 5 seconds"],
    [900, "15 minutes"],
    [3661, "1 hour, 1 minute and 1 second"],
    [-5, "0 seconds"],
  ])("says %d seconds", (seconds, words) => {
    expect(waitInWords(seconds)).toBe(words);
  });
});
