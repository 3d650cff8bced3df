// Colour maps that read the same for all eyes and in print.

const CIVIDIS =
    '00224e 0a2b60 1a346f 343e6e 46486c 55526c 635d6d 71676f 7e7271 8c7d74 9b8976 aa9576 b9a175 c9ae72 ' +
    'dabb6c ebc964 fee838';
const VIRIDIS =
    '440154 481668 482878 443983 3e4a89 375b8d 31688e 2b768e 26838e 21918c 1f9e89 29af7f 44be70 6ccd5a ' +
    '95d840 c5e021 fde725';

export type MapName = 'cividis' | 'viridis';

function table(text: string): Uint8Array {
    const stops = text.split(' ').map((hex) => [0, 2, 4].map((k) => parseInt(hex.slice(k, k + 2), 16)));
    const made = new Uint8Array(256 * 4);
    for (let k = 0; k < 256; ++k) {
        const place = (k / 255) * (stops.length - 1),
            low = Math.min(stops.length - 2, Math.floor(place)),
            share = place - low;
        for (let c = 0; c < 3; ++c)
            made[4 * k + c] = Math.round(
                (stops[low]?.[c] ?? 0) * (1 - share) + (stops[low + 1]?.[c] ?? 0) * share,
            );
        made[4 * k + 3] = 255;
    }
    return made;
}

const TABLES: Record<MapName, Uint8Array> = {cividis: table(CIVIDIS), viridis: table(VIRIDIS)};

// 256 colours, four bytes each; the end that the background would swallow is left out.
export function colourTable(name: MapName, dark: boolean): Uint8Array {
    const all = TABLES[name],
        from = dark ? 44 : 0,
        to = dark ? 255 : 238,
        made = new Uint8Array(all.length);
    for (let k = 0; k < 256; ++k)
        made.set(
            all.subarray(
                4 * Math.round(from + ((to - from) * k) / 255),
                4 * Math.round(from + ((to - from) * k) / 255) + 4,
            ),
            4 * k,
        );
    return made;
}

export function gradientOf(name: MapName, dark: boolean): string {
    const t = colourTable(name, dark);
    const stops = [0, 32, 64, 96, 128, 160, 192, 224, 255].map(
        (k) => `rgb(${t[4 * k]} ${t[4 * k + 1]} ${t[4 * k + 2]})`,
    );
    return `linear-gradient(90deg, ${stops.join(', ')})`;
}
