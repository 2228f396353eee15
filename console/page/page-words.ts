import { byId, setText } from './dom.ts';
import type { I18n } from './i18n.ts';

/** What every page has in both languages: the words that stand in its HTML (`data-i18n`) and the button that changes the language. */
export function createPageWords(i18n: I18n): { render(): void } {
  const language = byId('language');
  language.addEventListener('click', () => i18n.set(i18n.language === 'zh' ? 'en' : 'zh'));
  return {
    render() {
      document.documentElement.lang = i18n.language === 'zh' ? 'zh-CN' : 'en';
      for (const element of document.querySelectorAll<HTMLElement>('[data-i18n]')) {
        setText(element, i18n.text(element.dataset.i18n ?? ''));
      }
      setText(language, i18n.text('language'));
      language.lang = i18n.language === 'zh' ? 'en' : 'zh-CN';
    },
  };
}
