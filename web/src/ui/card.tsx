import type { ReactNode } from 'react';

interface CardProps {
  readonly title?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A surface with an optional heading. */
export function Card({ title, aside, children, className = '' }: CardProps) {
  return (
    <section className={`rounded-card border border-line bg-surface p-5 shadow-card sm:p-6 ${className}`}>
      {title && (
        <div className="mb-4 flex flex-wrap items-center justify-between gap-x-3 gap-y-2">
          <h2 className="text-base font-semibold">{title}</h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}
