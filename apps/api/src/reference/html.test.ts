import { describe, expect, it } from 'vitest'
import { html, prose } from './html.ts'

describe('html', () => {
  it('escapes what it is given, but for markup', () => {
    const evil = `<script>alert("1")</script> & 'more'`
    expect(html`<p title="${evil}">${[html`<b>${evil}</b>`, null, false]}</p>`.markup).toBe(
      `<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;"><b>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;</b></p>`,
    )
  })
})

describe('prose', () => {
  it('knows paragraphs, code and bold', () => {
    const markup = prose('**Keys** go into `A: <b>`.\n\nNext.').map(each => each.markup)
    expect(markup).toEqual(['<p><strong>Keys</strong> go into <code>A: &lt;b&gt;</code>.</p>', '<p>Next.</p>'])
  })
})
