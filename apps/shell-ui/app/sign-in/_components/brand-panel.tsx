import { Mark } from "@/components/mark";

/** The quiet half of the sign-in page; it has nothing to read that the form needs. */
export function BrandPanel() {
  return (
    <aside aria-hidden="true" className="relative hidden overflow-hidden bg-[#0b3f3f] text-white lg:block">
      <Curves />
      <div className="relative flex h-full flex-col justify-between p-12">
        <div className="flex items-center gap-3">
          <Mark className="size-9" />
          <span className="text-lg font-semibold tracking-tight">Kyros</span>
        </div>
        <p className="max-w-md text-3xl leading-snug font-semibold tracking-tight text-balance">
          Your organisation’s numbers, in&nbsp;one calm place.
        </p>
      </div>
    </aside>
  );
}

/** A family of rising curves, like cumulative value by cohort. */
function Curves() {
  const curves = Array.from({ length: 9 }, (_, index) => {
    const end = 170 + index * 52;
    const bend = 640 - index * 18;
    return `M-20 ${String(860 - index * 6)} C 160 ${String(bend)}, 300 ${String(end + 60)}, 640 ${String(end)}`;
  });
  return (
    <svg viewBox="0 0 600 800" preserveAspectRatio="xMidYMid slice" className="absolute inset-0 size-full">
      <defs>
        <linearGradient id="curve" x1="0" x2="1" y1="0" y2="0">
          <stop offset="0" stopColor="#8fe3da" stopOpacity="0" />
          <stop offset="1" stopColor="#8fe3da" stopOpacity="0.55" />
        </linearGradient>
      </defs>
      {curves.map((path) => (
        <path key={path} d={path} fill="none" stroke="url(#curve)" strokeWidth="1.5" />
      ))}
    </svg>
  );
}
