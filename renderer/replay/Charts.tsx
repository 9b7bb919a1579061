import { useMemo } from "react";
import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { formatCost, formatDuration, formatSeconds, formatTokens } from "../ui/format.ts";
import { latencyBars, median, operatorLatencies, timeByWhose, turnBars } from "./charts-data.ts";
import type { Recording, Whose } from "./recording.ts";

const INK = { color: "var(--ink)" };
const TOOLTIP = { ...INK, background: "var(--panel)", border: "1px solid var(--line-strong)", borderRadius: 6 };

const MOST_BARS = 120;

const WHOSE: readonly (readonly [whose: Whose, name: string])[] = [
  ["model", "Claude"],
  ["operator", "Operator"],
  ["run", "Execution"],
  ["paused", "Paused"],
  ["other", "Starting and stopping"],
];

/** Where a session's time, tokens and money went, and how fast its operator decided. */
export function Charts({ recording }: { readonly recording: Recording }) {
  const data = useMemo(() => {
    const { view } = recording;
    return {
      time: timeByWhose(recording.spans),
      turns: turnBars(view, MOST_BARS),
      latencies: latencyBars(view),
      median: median(operatorLatencies(view)),
      decided: operatorLatencies(view).length,
    };
  }, [recording]);
  const whole = Object.values(data.time).reduce((sum, ms) => sum + ms, 0);
  const priced = data.turns.filter(({ costUsd }) => costUsd !== null);
  return (
    <div className="charts scroll-box">
      <section className="panel" aria-labelledby="chart-time">
        <h3 id="chart-time">Where the time went</h3>
        <p className="small dim">{formatDuration(whole)} in all.</p>
        <div className="time-bar" aria-hidden="true">
          {WHOSE.map(([whose]) => (
            <span key={whose} className={`time-${whose}`} style={{ flexGrow: data.time[whose] }} />
          ))}
        </div>
        <dl className="time-list small">
          {WHOSE.filter(([whose]) => data.time[whose] > 0).map(([whose, name]) => (
            <div key={whose} className="time-line">
              <dt>
                <span className={`time-swatch time-${whose}`} aria-hidden="true" />
                {name}
              </dt>
              <dd>
                {formatDuration(data.time[whose])} <span className="dim">{percent(data.time[whose], whole)}</span>
              </dd>
            </div>
          ))}
        </dl>
      </section>
      <section className="panel" aria-labelledby="chart-latency">
        <h3 id="chart-latency">How fast the operator decided</h3>
        <p className="small dim">
          {data.median === null
            ? "No decision of the operator was waited for."
            : `Half of ${data.decided} decisions took ${formatSeconds(data.median)} or less.`}
        </p>
        {data.median === null ? null : (
          <Chart
            label="Decisions by the time they took"
            rows={data.latencies}
            series={[{ key: "count", name: "Decisions", fill: "var(--ink)" }]}
            format={String}
          />
        )}
      </section>
      <section className="panel" aria-labelledby="chart-tokens">
        <h3 id="chart-tokens">Tokens by turn</h3>
        <Chart
          label="Tokens by turn"
          rows={data.turns}
          series={[
            { key: "cached", name: "In, cached", fill: "var(--line-strong)" },
            { key: "input", name: "In, new", fill: "var(--ink)" },
            { key: "output", name: "Out", fill: "var(--symbol)" },
          ]}
          format={formatTokens}
        />
      </section>
      <section className="panel" aria-labelledby="chart-cost">
        <h3 id="chart-cost">Cost by turn</h3>
        {priced.length < data.turns.length ? (
          <p className="small dim">Turns without a known price are left out.</p>
        ) : null}
        <Chart
          label="Cost by turn"
          rows={priced}
          series={[{ key: "costUsd", name: "Cost", fill: "var(--good)" }]}
          decimals
          format={(usd) => (usd === 0 ? "$0" : usd < 0.1 ? `$${usd.toFixed(3)}` : formatCost(usd))}
        />
      </section>
    </div>
  );
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "" : `${Math.round((part / whole) * 100)} %`;
}

type ChartProps = {
  readonly label: string;
  readonly rows: readonly { readonly name: string }[];
  readonly series: readonly { readonly key: string; readonly name: string; readonly fill: string }[];
  readonly format: (value: number) => string;
  /** False for counts. */
  readonly decimals?: boolean;
};

/** Stacked bars; the arrow keys move through them (recharts), a table would repeat the numbers. */
function Chart({ label, rows, series, format, decimals = false }: ChartProps) {
  return (
    <figure className="chart" aria-label={label}>
      <ResponsiveContainer width="100%" height="100%">
        <BarChart data={[...rows]} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} barCategoryGap="15%">
          <CartesianGrid vertical={false} />
          <XAxis dataKey="name" tickLine={false} interval="preserveStartEnd" minTickGap={24} />
          <YAxis tickFormatter={format} tickLine={false} axisLine={false} width={56} allowDecimals={decimals} />
          <Tooltip
            isAnimationActive={false}
            cursor={{ className: "chart-cursor" }}
            contentStyle={TOOLTIP}
            itemStyle={INK}
            labelStyle={INK}
            formatter={(value) => format(Number(value))}
          />
          {series.length > 1 ? (
            <Legend itemSorter={null} formatter={(name) => <span className="chart-name">{name}</span>} />
          ) : null}
          {series.map(({ key, name, fill }) => (
            <Bar key={key} dataKey={key} name={name} stackId="all" fill={fill} isAnimationActive={false} />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </figure>
  );
}
