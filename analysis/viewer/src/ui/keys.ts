// The keyboard. A key that a focused control needs for itself is left to it.
export function listenToKeys(actions: Record<string, () => void>): void {
    addEventListener('keydown', (event) => {
        const target = event.target as HTMLElement,
            action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
        if (
            !action ||
            event.ctrlKey ||
            event.metaKey ||
            event.altKey ||
            target.closest('select, input:not([type="range"])')
        )
            return;
        if (event.key === ' ' && target.closest('button, summary, label')) return;
        if (event.key.startsWith('Arrow') && target.closest('input, .cells')) return;
        event.preventDefault();
        action();
    });
}
