// Pictures, video, print, and the link that brings another visitor to the same place.
import {button, el, setText} from './dom';
import {paintView, save, type Words} from './picture';
import {msg} from '../lang';

const VIDEO_RATE = 30; // frames a second

export class Share {
    readonly element: HTMLElement;
    readonly printed = el('canvas', {class: 'printed'});
    private recorder: MediaRecorder | null = null;
    private film = document.createElement('canvas');
    private record = button(msg('share.video'), msg('share.video.title'), () => this.toggleVideo());
    private said = el('span', {class: 'soft', role: 'status'});

    constructor(
        private view: () => HTMLElement,
        private words: () => Words,
        private link: () => string,
        private say: (problem: string) => void,
    ) {
        addEventListener('beforeprint', () => this.prepare());
        this.element = el(
            'details',
            {class: 'share'},
            el('summary', {}, msg('share')),
            el(
                'div',
                {class: 'menu'},
                button(msg('share.picture'), msg('share.picture.title'), () => this.picture()),
                this.record,
                button(msg('share.link'), msg('share.link.title'), () => void this.copy()),
                button(msg('share.print'), msg('share.print.title'), () => print()),
                this.said,
            ),
        );
    }

    // Paper gets a picture instead of canvases and boxes over them, which a printer would stretch.
    private prepare(): void {
        if (this.view().clientWidth > 0) paintView(this.view(), null, this.printed, 2);
    }

    // Once a frame: keeps the film up to date while one is recorded.
    frame(): void {
        if (this.recorder) paintView(this.view(), this.words(), this.film, 1);
    }

    private picture(): void {
        const canvas = document.createElement('canvas');
        paintView(this.view(), this.words(), canvas, 2);
        canvas.toBlob((blob) => {
            if (blob) save(blob, 'respine.png');
        }, 'image/png');
    }

    private toggleVideo(): void {
        if (this.recorder) return this.recorder.stop();
        const type = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm'].find(
            (t) => typeof MediaRecorder !== 'undefined' && MediaRecorder.isTypeSupported(t),
        );
        if (!type) return this.say(msg('share.video.no'));
        paintView(this.view(), this.words(), this.film, 1);
        const parts: Blob[] = [],
            recorder = new MediaRecorder(this.film.captureStream(VIDEO_RATE), {
                mimeType: type,
                videoBitsPerSecond: 6e6,
            });
        recorder.ondataavailable = (event) => parts.push(event.data);
        recorder.onstop = () => {
            this.recorder = null;
            setText(this.record, msg('share.video'));
            save(new Blob(parts, {type: 'video/webm'}), 'respine.webm');
        };
        recorder.start(500);
        this.recorder = recorder;
        setText(this.record, msg('share.video.stop'));
    }

    private async copy(): Promise<void> {
        const link = this.link();
        await navigator.clipboard?.writeText(link).then(
            () => setText(this.said, msg('share.copied')),
            () => setText(this.said, msg('share.address')),
        );
    }
}
